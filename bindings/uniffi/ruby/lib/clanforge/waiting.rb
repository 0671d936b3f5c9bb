# frozen_string_literal: true

module Clanforge
  # How the counts of the image changed between two readings; each may be negative.
  Changes = Struct.new(:pending_machines, :failed_machines, :completed_machines)
  # The time left until the gate may pass, in seconds, as a range that holds in about eight of ten cases.
  Estimate = Struct.new(:low, :high)
  # Why a reading failed; +kind+ is a symbol such as +:server+, +retry_after+ is in seconds.
  ReadFailure = Struct.new(:kind, :message, :status, :retry_after) do
    # @api private
    def native
      Native::ReadFailure.new(kind: kind.to_s, message: message, status: status, retry_after_seconds: retry_after)
    end
  end
  # A status was read, and this was made of it; times are in seconds.
  ReadingTaken = Struct.new(:elapsed, :status, :verdict, :changes, :freshness, :estimate, :next_reading)
  # A reading failed; the wait goes on, or ends with the next update. Times are in seconds.
  ReadFailed = Struct.new(:elapsed, :error, :next_try)
  # What a monitor makes of a reading: read again after +next_reading+ seconds, or stop where that is nil.
  Step = Struct.new(:update, :next_reading, :outcome)

  # How a wait ended: a value, whatever the end; times are in seconds.
  #
  # +kind+ is +:ready+, +:failed+, +:stalled+, +:timed_out+, +:not_started+ or +:unreachable+; +freshness+ tells how sure it is
  # that the counts are the new version's: +:observed+, +:assumed+ or +:unknown+.
  Outcome = Struct.new(
    :kind, :reason, :freshness, :account_service_id, :image_id, :status, :status_age, :verdict, :elapsed, :readings, :errors,
    :json
  ) do
    # @return [Boolean] whether the gate passed
    def ready?
      kind == :ready
    end

    # @return [Outcome] itself, where it is ready
    # @raise [NotReadyError] where it is not
    def raise_unless_ready
      ready? ? self : raise(NotReadyError.new(self))
    end

    # @return [String] the outcome as the command's +wait -o json+ writes it
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
  def self.update_of(native)
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

  # How a wait decides: every option of it, checked; durations in seconds.
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
      raise ArgumentError, "unknown option #{unknown.first}: one of #{OPTIONS.join(", ")}" unless unknown.empty?

      fields = options.to_h { |name, value| DURATIONS.include?(name) ? [:"#{name}_seconds", value&.to_f] : [name, value] }
      fields[:gate] = Gate.from(fields[:gate]).native if fields[:gate]
      fields[:no_timeout] = true if options.key?(:timeout) && options[:timeout].nil?
      @native = Native::Policy.new(**fields)
      Clanforge.guarded { Native.policy_to_json(@native) }
      freeze
    end

    # @param text [String] JSON that {#to_json} or the command wrote; what is left out has its default
    def self.from_json(text)
      native = Clanforge.guarded { Native.policy_from_json(text) }
      allocate.tap { |policy| policy.instance_variable_set(:@native, native) }.freeze
    end

    # @return [String] every field, as JSON; durations in seconds
    def to_json(*)
      Clanforge.guarded { Native.policy_to_json(native) }
    end

    def inspect
      "#<Clanforge::Policy #{to_json}>"
    end
  end

  # A status from before a rollout is started, by which a wait tells the new version's counts from the old one's.
  class Baseline
    # @api private
    attr_reader :native

    # @param status [ImageStatus] the status, with detail
    def initialize(account_service_id, image_id, status)
      unless status.is_a?(ImageStatus)
        raise ConfigurationError.new("invalid status #{status.inspect}: a Clanforge::ImageStatus", kind: :configuration)
      end

      @native = Native::Baseline.new(image: Clanforge.image(account_service_id, image_id), status: status.native)
      freeze
    end

    # @param text [String] what {#to_json} or the command's +baseline+ wrote
    def self.from_json(text)
      native = Clanforge.guarded { Native.baseline_from_json(text) }
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

    # @return [String] what the command's +--since+ reads
    def to_json(*)
      Native.baseline_to_json(native)
    end
  end

  # The state machine of waiting, without clock: for tests, and for rollouts that were recorded.
  class Monitor
    # @param policy [Policy]
    # @param baseline [Baseline, nil]
    def initialize(account_service_id, image_id, policy: Policy.new, baseline: nil)
      image = Clanforge.image(account_service_id, image_id)
      @native = Clanforge.guarded { Native::Monitor.new(image, policy.native, baseline&.native) }
    end

    # @return [Boolean] whether the gate needs the counts of each fleet and region
    def needs_detail?
      @native.needs_detail
    end

    # @return [Boolean] whether the counts were seen to be the new version's
    def started?
      @native.has_started
    end

    # Takes a reading that was taken so many seconds after the wait began, in the order of their times.
    #
    # @param reading [ImageStatus, ReadFailure]
    # @return [Step]
    def observe(elapsed, reading)
      step = Clanforge.guarded do
        if reading.is_a?(ImageStatus)
          @native.observe_status(elapsed.to_f, reading.native)
        else
          @native.observe_failure(elapsed.to_f, reading.native)
        end
      end
      outcome = step.outcome && Outcome.of(step.outcome)
      Step.new(Clanforge.update_of(step.update), step.next_reading_seconds, outcome).freeze
    end
  end

  # @api private
  def self.image(account_service_id, image_id)
    { account_service_id: account_service_id, image_id: image_id }.each do |name, id|
      next if id.is_a?(Integer) && id >= 0 && id < 2**64

      raise ConfigurationError.new("invalid #{name} #{id.inspect}: a whole number from 0 to #{2**64 - 1}", kind: :configuration)
    end
    Native::ImageRef.new(account_service_id: account_service_id, image_id: image_id)
  end
end
