# frozen_string_literal: true

module Clanforge
  class ScopeVerdict
    # @return [Boolean] whether the reading has the scope, and every limit is met
    def ready?
      !counts.nil? && shortfalls.empty?
    end
  end

  class Verdict
    alias_method :ready?, :ready
  end

  class Gate
    # @return [Boolean] whether the gate needs a status with detail
    def needs_detail?
      Clanforge.call_native { Native.gate_needs_detail(native) }
    end

    # @param status [ImageStatus]
    # @return [Verdict]
    def evaluate(status)
      Verdict.of(Clanforge.call_native { Native.evaluate(native, status.native) })
    end

    # @api private
    def self.read(text)
      Native.gate_from_json(text)
    end

    # @api private
    def self.write(native)
      Native.gate_to_json(native)
    end
  end
end
