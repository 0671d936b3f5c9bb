# frozen_string_literal: true

module Clanforge
  # A part of a status that a gate judges as one; +kind+ is +:total+, +:selection+, +:fleet+, +:region+, +:unaccounted+ or
  # +:missing+.
  Scope = Struct.new(:kind, :fleet_id, :region_id, :name, :missing)
  # A limit that counts miss; +count+ is +:pending_machines+, +:failed_machines+ or +:completed_machines+.
  Shortfall = Struct.new(:count, :have, :limit)
  # What a gate says of one scope; +counts+ is nil where the reading does not have what the gate names.
  ScopeVerdict = Struct.new(:scope, :counts, :shortfalls, :ready) do
    alias_method :ready?, :ready
  end
  # What a gate says of one status, and why not: +reason+ is a sentence that a person can act on.
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

  # The caller's own definition of ready: three limits, one for each count, and where they apply.
  #
  # A status passes when in every scope that +per+ names the pending and the failed machines are no more, and the completed
  # machines no fewer, than the gate says, all in one reading. What the gate names and the reading does not have is never
  # ready.
  class Gate
    # @api private
    attr_reader :native

    # @param max_pending [Integer, String] the most machines with installs pending: a number, or "5%" of the scope's machines
    # @param max_failed [Integer, String] the most failed machines, likewise
    # @param min_completed [Integer] the fewest completed machines; 0 lets an image without machines pass
    # @param per [Symbol] what the limits apply to: +:total+, each +:fleet+, or each +:region+
    # @param fleets [Array<String>] the ids of the fleets to judge; none for all
    # @param regions [Array<String>] the ids or names of the regions to judge; none for all
    # @raise [ConfigurationError] where a value is no limit
    def initialize(max_pending: 0, max_failed: 0, min_completed: 1, per: :total, fleets: [], regions: [])
      unless Native::Per.const_defined?(per.to_s.upcase, false)
        raise ConfigurationError.new("invalid per #{per.inspect}: :total, :fleet or :region", kind: :configuration)
      end

      @native = Clanforge.guarded do
        gate = Native::Gate.new(
          max_pending: max_pending.to_s, max_failed: max_failed.to_s, min_completed: min_completed,
          per: Native::Per.const_get(per.to_s.upcase), fleets: fleets, regions: regions
        )
        Native.gate_needs_detail(gate)
        gate
      end
      freeze
    end

    # @param text [String] JSON that {#to_json} or the command wrote; what is left out has its default
    # @raise [ConfigurationError]
    def self.from_json(text)
      gate = Clanforge.guarded { Native.gate_from_json(text) }
      new(max_pending: gate.max_pending, max_failed: gate.max_failed, min_completed: gate.min_completed,
          per: Clanforge.symbol(Native::Per, gate.per), fleets: gate.fleets, regions: gate.regions)
    end

    # @return [Gate]
    # @api private
    def self.from(gate)
      gate.is_a?(Gate) ? gate : new(**gate)
    end

    # @return [Boolean] whether the gate cannot judge a status without detail
    def needs_detail?
      Clanforge.guarded { Native.gate_needs_detail(native) }
    end

    # @param status [ImageStatus]
    # @return [Verdict]
    def evaluate(status)
      Verdict.of(Clanforge.guarded { Native.evaluate(native, status.native) })
    end

    # @return [String] every field, as JSON
    def to_json(*)
      Clanforge.guarded { Native.gate_to_json(native) }
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
