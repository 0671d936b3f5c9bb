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
    def exit_code
      outcome.exit_code
    end
  end

  # @api private
  ERRORS = Native::ClanforgeError.constants.to_h do |name|
    [Native::ClanforgeError.const_get(name), const_defined?("#{name}Error", false) ? const_get("#{name}Error") : Error]
  end.freeze

  # Calls the native library, and raises its errors as errors of this library.
  # @api private
  def self.call_native
    yield
  rescue StandardError => e
    error_class = ERRORS[e.class]
    raise unless error_class

    raise error_class.new(e.reason, e.fields), cause: nil
  end

  # Passes warnings of the native library to +Kernel#warn+.
  # @api private
  module Warnings
    def self.warn(message)
      Kernel.warn("clanforge: #{message}")
    end
  end
  private_constant :Warnings
  Native.set_logger(Warnings)

  # Returns the symbol for an enum value of the native library.
  # @api private
  def self.symbol(enum, value)
    enum.constants.find { |name| enum.const_get(name) == value }.downcase
  end
end
