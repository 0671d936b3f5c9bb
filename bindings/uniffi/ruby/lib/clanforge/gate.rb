# frozen_string_literal: true

module Clanforge
  # A part of a status that a gate evaluates on its own; +kind+ is +:total+, +:selection+, +:fleet+, +:region+, +:unaccounted+ or
  # +:missing+.
  Scope = Struct.new(:kind, :fleet_id, :region_id, :name, :missing)
  # A limit that a scope does not meet; +count+ is +:pending_machines+, +:failed_machines+ or +:completed_machines+.
  Shortfall = Struct.new(:count, :have, :limit)
  # The verdict of a gate on one scope; +counts+ is nil where the reading lacks the scope.
  ScopeVerdict = Struct.new(:scope, :counts, :shortfalls, :ready) do
    alias_method :ready?, :ready
  end
  # The verdict of a gate on a status, with the reason: +reason+ is a sentence for people.
  Verdict = Struct.new(:ready, :reason, :scopes) do
    alias_method :ready?, :ready

    # @api private
    def self.of(native)
      scopes = native.scopes.map do |each|
        scope = each.scope
        shortfalls = each.shortfalls.map do |shortfall|
          Shortfall.new(Clanforge.symbol(Native::CountName, shortfall.count), shortfall.have, shortfall.limit).freeze
        end
        kind = Clanforge.symbol(Native::ScopeKind, scope.kind)
        ScopeVerdict.new(
          Scope.new(kind, scope.fleet_id, scope.region_id, scope.name, scope.missing).freeze,
          each.counts && MachineCounts.of(each.counts), shortfalls.freeze, each.is_ready
        ).freeze
      end
      new(native.is_ready, native.reason, scopes.freeze).freeze
    end
  end

  # Your definition of ready: a limit for each of the three counts, and the scopes that they apply to.
  #
  # A status passes when every scope is within all three limits in the same reading. +per+ selects the scopes: the image, each
  # fleet or each region. A selected fleet or region that the reading lacks is not ready.
  class Gate
    # @api private
    attr_reader :native

    # @param max_pending [Integer, String] the maximum of pending machines in a scope: a number, or a percentage of its machines such as "5%"
    # @param max_failed [Integer, String] the maximum of failed machines in a scope: a number or a percentage
    # @param min_completed [Integer] the minimum of completed machines in a scope; with 0 an image without machines passes
    # @param per [Symbol] the scopes that the limits apply to: +:total+, each +:fleet+, or each +:region+
    # @param fleets [Array<String>] the IDs of the fleets to evaluate; empty selects all
    # @param regions [Array<String>] the IDs or names of the regions to evaluate; empty selects all
    # @raise [ConfigurationError] where a value is invalid
    def initialize(max_pending: 0, max_failed: 0, min_completed: 1, per: :total, fleets: [], regions: [])
      unless Native::Per.const_defined?(per.to_s.upcase, false)
        raise ConfigurationError.new("invalid per #{per.inspect}: expected :total, :fleet or :region", kind: :configuration)
      end

      @native = Clanforge.call_native do
        gate = Native::Gate.new(
          max_pending: max_pending.to_s, max_failed: max_failed.to_s, min_completed: min_completed,
          per: Native::Per.const_get(per.to_s.upcase), fleets: fleets, regions: regions
        )
        Native.gate_needs_detail(gate)
        gate
      end
      freeze
    end

    # @param text [String] JSON from {#to_json} or the command; missing fields have their defaults
    # @raise [ConfigurationError]
    def self.from_json(text)
      gate = Clanforge.call_native { Native.gate_from_json(text) }
      new(max_pending: gate.max_pending, max_failed: gate.max_failed, min_completed: gate.min_completed,
          per: Clanforge.symbol(Native::Per, gate.per), fleets: gate.fleets, regions: gate.regions)
    end

    # @return [Gate]
    # @api private
    def self.from(gate)
      gate.is_a?(Gate) ? gate : new(**gate)
    end

    # @return [Boolean] whether the gate needs a status with detail
    def needs_detail?
      Clanforge.call_native { Native.gate_needs_detail(native) }
    end

    # @param status [ImageStatus]
    # @return [Verdict]
    def evaluate(status)
      Verdict.of(Clanforge.call_native { Native.evaluate(native, status.native) })
    end

    # @return [String] every field, as JSON
    def to_json(*)
      Clanforge.call_native { Native.gate_to_json(native) }
    end

    def ==(other)
      other.is_a?(Gate) && to_json == other.to_json
    end
    alias eql? ==

    def hash
      to_json.hash
    end

    def inspect
      "#<Clanforge::Gate #{to_json}>"
    end
  end
end
