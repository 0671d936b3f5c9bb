# frozen_string_literal: true

module Clanforge
  # A wait did not end as ready: {Outcome#raise_unless_ready} raises it.
  class NotReadyError < Error
    KIND = :not_ready

    # @return [Outcome] the outcome of the wait
    attr_reader :outcome

    def initialize(outcome)
      super(outcome.reason)
      @outcome = outcome
    end

    # @return [Integer] the exit code of the +clanforge+ command for the outcome
    def exit_code = outcome.exit_code
  end

  # Converts the errors of the native library to those of this library before it raises them.
  # @api private
  module ErrorConversion
    def consume_buffer_into_error(*)
      error = super
      name = "#{error.class.name.split("::").last}Error"
      (Clanforge.const_defined?(name, false) ? Clanforge.const_get(name) : Error).new(error.reason, error.fields)
    end
  end
  private_constant :ErrorConversion
  Native.singleton_class.prepend(ErrorConversion)

  # Passes warnings of the native library to +Kernel#warn+.
  # @api private
  module Warnings
    def self.warn(message) = Kernel.warn("clanforge: #{message}")
  end
  private_constant :Warnings
  Native.set_logger(Warnings)

  # Returns the symbol for an enum value of the native library.
  # @api private
  def self.symbol(enum, value) = enum.constants.find { |name| enum.const_get(name) == value }.downcase
end
