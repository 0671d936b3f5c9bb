# frozen_string_literal: true

module Clanforge
  # The result of a reading: its update, the seconds until the next reading (nil if the wait has ended), and the outcome, if the
  # wait has ended with one.
  Step = Struct.new(:update, :next_reading, :outcome)

  # A wait that was recorded: its ID in the recording, when it began (RFC 3339, UTC), its image, its baseline or nil, and its
  # updates. The last is the outcome, unless the wait was interrupted or ended with an error.
  RecordedWait = Struct.new(:wait, :time, :account_service_id, :image_id, :baseline, :updates)

  # @param file [String] a recording, as +clanforge wait --record+ writes it
  # @return [Array<RecordedWait>] its waits, in the order in which they began
  # @raise [ConfigurationError] if the file is not a recording
  def self.read_recording(file)
    waits = call_native { Native.parse_recording(File.read(file, encoding: "UTF-8")) }
    waits.map do |wait|
      baseline = wait.baseline && Baseline.of(wait.baseline)
      image = [wait.image.account_service_id, wait.image.image_id]
      RecordedWait.new(wait.wait, wait.time, *image, baseline, wait.updates.map { |update| update(update) }).freeze
    end
  end

  class ReadFailure
    # @api private
    def native
      fields = to_h.except(:kind, :retry_after)
      pause = retry_after && Take.seconds(:retry_after, retry_after)
      Native::ReadFailure.new(kind: Native::ErrorKind.const_get(kind.to_s.upcase), retry_after_seconds: pause, **fields)
    end
  end

  class Outcome
    # @return [Boolean] whether the wait ended as ready
    def ready?
      kind == :ready
    end

    # @return [Integer] the exit code of the +clanforge+ command for this outcome
    def exit_code
      OUTCOME_KIND_EXIT_CODES.fetch(kind)
    end

    # @return [Outcome] this outcome, if it is ready
    # @raise [NotReadyError] if it is not
    def raise_unless_ready
      ready? ? self : raise(NotReadyError.new(self))
    end

    # @return [Hash, nil] the summary of the status; nil if there was no reading
    def summary
      status&.summary
    end
  end

  # An image status from before a rollout. A wait uses it to tell the counts of the new version from those of the old one.
  Baseline = Struct.new(:account_service_id, :image_id, :status, :taken_at) do
    # @param account_service_id [Integer]
    # @param image_id [Integer]
    # @param status [ImageStatus] the status, with detail
    # @param taken_at [String, nil] when the service was asked for it: a time in UTC as in RFC 3339
    def initialize(account_service_id, image_id, status, taken_at = nil)
      unless status.is_a?(ImageStatus)
        raise ConfigurationError, "invalid status #{status.inspect}: expected a Clanforge::ImageStatus"
      end

      Clanforge.image(account_service_id, image_id)
      super
      freeze
    end

    # @param text [String] JSON from {#to_json} or +clanforge baseline+
    def self.from_json(text)
      of(Clanforge.call_native { Native.baseline_from_json(text) })
    end

    # @api private
    def self.of(native)
      new(native.image.account_service_id, native.image.image_id, ImageStatus.of(native.status), native.taken_at)
    end

    # @api private
    def native
      Native::Baseline.new(image: Clanforge.image(account_service_id, image_id), status: status.native, taken_at: taken_at)
    end

    # @return [String] the baseline in JSON, as +clanforge wait --since+ reads it
    def to_json(*)
      Clanforge.call_native { native.to_json }
    end
  end

  # The state machine of a wait, without a clock and without I/O, for tests and for a loop of your own.
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

    # Processes a reading, and returns its update and when to read next. Pass readings in the order of time.
    #
    # @param elapsed [Numeric] when the reading was received, in seconds since the start of the wait
    # @param reading [ImageStatus, ReadFailure] the status, or why the reading failed
    # @param age [Numeric] how old the status was then, by the +Age+ header of a cache, in seconds
    # @return [Step]
    def observe(elapsed, reading, age: 0)
      elapsed, age = Take.seconds(:elapsed, elapsed), Take.seconds(:age, age)
      step = Clanforge.call_native do
        next @native.observe_failure(elapsed, reading.native) unless reading.is_a?(ImageStatus)

        @native.observe_status(elapsed, reading.native, age)
      end
      Step.new(Clanforge.update(step.update), step.next_reading_seconds, step.outcome && Outcome.of(step.outcome)).freeze
    end
  end

  # @api private
  def self.image(account_service_id, image_id)
    Native::ImageRef.new(
      account_service_id: Take.integer(:account_service_id, account_service_id, 0..(2**64 - 1)),
      image_id: Take.integer(:image_id, image_id, 0..(2**64 - 1))
    )
  end
end
