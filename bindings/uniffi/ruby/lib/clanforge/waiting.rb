# frozen_string_literal: true

module Clanforge
  # The change of the counts of an image between two readings. Values may be negative.
  Changes = Struct.new(:pending_machines, :failed_machines, :completed_machines)
  # The estimated time until the gate passes, in seconds, as a range that is right in about eight of ten cases.
  Estimate = Struct.new(:low, :high)
  # The error of a failed reading; +kind+ is a symbol such as +:server+, +retry_after+ is in seconds.
  ReadFailure = Struct.new(:kind, :message, :status, :retry_after) do
    # @api private
    def native
      Native::ReadFailure.new(kind: kind.to_s, message: message, status: status, retry_after_seconds: retry_after)
    end
  end
  # A reading that succeeded; times are in seconds.
  ReadingTaken = Struct.new(:elapsed, :status, :verdict, :changes, :freshness, :estimate, :next_reading)
  # A reading that failed. The wait continues, or ends with the next update. Times are in seconds.
  ReadFailed = Struct.new(:elapsed, :error, :next_try)
  # The result of a reading: read again after +next_reading+ seconds, or stop where that is nil.
  Step = Struct.new(:update, :next_reading, :outcome)

  # The outcome of a wait; times are in seconds.
  #
  # +kind+ is +:ready+, +:failed+, +:stalled+, +:timed_out+, +:not_started+ or +:unreachable+; +freshness+ tells whether the
  # counts describe the new version: +:observed+, +:assumed+ or +:unknown+.
  Outcome = Struct.new(
    :kind, :reason, :freshness, :account_service_id, :image_id, :status, :status_age, :verdict, :elapsed, :readings, :errors,
    :json
  ) do
    # @return [Boolean] whether the gate passed
    def ready?
      kind == :ready
    end

    # @return [Outcome] this outcome, where it is ready
    # @raise [NotReadyError] where it is not
    def raise_unless_ready
      ready? ? self : raise(NotReadyError.new(self))
    end

    # @return [String] the outcome in JSON, in the format of the +wait -o json+ output
    def to_json(*)
      json
    end

    # @api private
    def self.of(native)
      status = native.status && ImageStatus.new(native.status)
      verdict = native.verdict && Verdict.of(native.verdict)
      new(Clanforge.symbol(Native::OutcomeKind, native.kind), native.reason, Clanforge.symbol(Native::Freshness, native.freshness),
          native.image.account_service_id, native.image.image_id, status, native.status_age_seconds, verdict,
          native.elapsed_seconds, native.readings, native.errors, native.json).freeze
    end
  end

  # @return [ReadingTaken, ReadFailed, Outcome]
  # @api private
  def self.update_from_native(native)
    return Outcome.of(native.outcome) if native.ended?

    if native.read_failed?
      failed = native.failed
      error = ReadFailure.new(failed.error.kind.to_sym, failed.error.message, failed.error.status, failed.error.retry_after_seconds)
      return ReadFailed.new(failed.elapsed_seconds, error.freeze, failed.next_try_seconds).freeze
    end
    reading = native.reading
    changes = reading.changes && Changes.new(*%i[pending_machines failed_machines completed_machines].map { |name| reading.changes.public_send(name) }).freeze
    estimate = reading.estimate && Estimate.new(reading.estimate.low_seconds, reading.estimate.high_seconds).freeze
    ReadingTaken.new(reading.elapsed_seconds, ImageStatus.new(reading.status), Verdict.of(reading.verdict), changes,
                     symbol(Native::Freshness, reading.freshness), estimate, reading.next_reading_seconds).freeze
  end

  # The options of a wait, checked; durations are in seconds.
  class Policy
    DURATIONS = %i[timeout stall_timeout start_grace max_unreachable min_interval max_interval].freeze
    OPTIONS = (DURATIONS + %i[gate confirmations evidence require_fresh started fail_fast]).freeze
    private_constant :DURATIONS

    # @api private
    attr_reader :native

    # @param options see {Client#wait}
    # @raise [ConfigurationError] where options contradict each other; the message names them
    def initialize(**options)
      unknown = options.keys - OPTIONS
      raise ArgumentError, "unknown option #{unknown.first}: expected one of #{OPTIONS.join(", ")}" unless unknown.empty?

      fields = options.to_h { |name, value| DURATIONS.include?(name) ? [:"#{name}_seconds", value&.to_f] : [name, value] }
      fields[:gate] = Gate.from(fields[:gate]).native if fields[:gate]
      fields[:no_timeout] = true if options.key?(:timeout) && options[:timeout].nil?
      @native = Native::Policy.new(**fields)
      Clanforge.call_native { Native.policy_to_json(@native) }
      freeze
    end

    # @param text [String] JSON from {#to_json} or the command; missing fields have their defaults
    def self.from_json(text)
      native = Clanforge.call_native { Native.policy_from_json(text) }
      allocate.tap { |policy| policy.instance_variable_set(:@native, native) }.freeze
    end

    # @return [String] every field, as JSON; durations in seconds
    def to_json(*)
      Clanforge.call_native { Native.policy_to_json(native) }
    end

    def inspect
      "#<Clanforge::Policy #{to_json}>"
    end
  end

  # An image status from before a rollout. A wait uses it to tell the counts of the new version from those of the old one.
  class Baseline
    # @api private
    attr_reader :native

    # @param status [ImageStatus] the status, with detail
    def initialize(account_service_id, image_id, status)
      unless status.is_a?(ImageStatus)
        raise ConfigurationError.new("invalid status #{status.inspect}: expected a Clanforge::ImageStatus", kind: :configuration)
      end

      @native = Native::Baseline.new(image: Clanforge.image(account_service_id, image_id), status: status.native)
      freeze
    end

    # @param text [String] JSON from {#to_json} or +clanforge baseline+
    def self.from_json(text)
      native = Clanforge.call_native { Native.baseline_from_json(text) }
      new(native.image.account_service_id, native.image.image_id, ImageStatus.new(native.status))
    end

    # @return [Integer]
    def account_service_id
      native.image.account_service_id
    end

    # @return [Integer]
    def image_id
      native.image.image_id
    end

    # @return [ImageStatus]
    def status
      ImageStatus.new(native.status)
    end

    # @return [String] the baseline in JSON, as +clanforge wait --since+ reads it
    def to_json(*)
      Native.baseline_to_json(native)
    end
  end

  # The state machine of a wait, without clock and I/O: for tests and recorded rollouts.
  class Monitor
    # @param policy [Policy]
    # @param baseline [Baseline, nil]
    def initialize(account_service_id, image_id, policy: Policy.new, baseline: nil)
      image = Clanforge.image(account_service_id, image_id)
      @native = Clanforge.call_native { Native::Monitor.new(image, policy.native, baseline&.native) }
    end

    # @return [Boolean] whether the gate needs the counts of each fleet and region
    def needs_detail?
      @native.needs_detail
    end

    # @return [Boolean] whether there is evidence that the counts describe the new version
    def started?
      @native.has_started
    end

    # Takes a reading from +elapsed+ seconds after the start of the wait. Call it in the order of time.
    #
    # @param reading [ImageStatus, ReadFailure]
    # @return [Step]
    def observe(elapsed, reading)
      step = Clanforge.call_native do
        if reading.is_a?(ImageStatus)
          @native.observe_status(elapsed.to_f, reading.native)
        else
          @native.observe_failure(elapsed.to_f, reading.native)
        end
      end
      outcome = step.outcome && Outcome.of(step.outcome)
      Step.new(Clanforge.update_from_native(step.update), step.next_reading_seconds, outcome).freeze
    end
  end

  # @api private
  def self.image(account_service_id, image_id)
    { account_service_id: account_service_id, image_id: image_id }.each do |name, id|
      next if id.is_a?(Integer) && id >= 0 && id < 2**64

      raise ConfigurationError.new("invalid #{name} #{id.inspect}: expected an integer from 0 to #{2**64 - 1}", kind: :configuration)
    end
    Native::ImageRef.new(account_service_id: account_service_id, image_id: image_id)
  end
end
