# frozen_string_literal: true

module Clanforge
  class Gate
    # @return [Boolean] whether the gate needs a status with detail
    def needs_detail?
      Clanforge.call_native { native.needs_detail }
    end

    # @param status [ImageStatus]
    # @return [Verdict]
    def evaluate(status)
      Verdict.of(Clanforge.call_native { Native.evaluate(native, status.native) })
    end
  end
end
