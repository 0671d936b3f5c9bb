# frozen_string_literal: true

module Clanforge
  class Gate
    extend Forwardable

    # @!method needs_detail?
    #   @return [Boolean] whether the gate needs a status with detail
    def_delegator :native, :needs_detail, :needs_detail?

    # @param status [ImageStatus]
    # @return [Verdict]
    def evaluate(status) = Verdict.of(Native.evaluate(native, status.native))
  end
end
