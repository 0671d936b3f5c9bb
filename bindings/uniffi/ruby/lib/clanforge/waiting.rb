# frozen_string_literal: true

module Clanforge
  # A wait that was recorded: its ID in the recording, when it began (RFC 3339, UTC), its image, its baseline or nil, and its
  # updates. The last is the outcome, unless the wait was interrupted or ended with an error.
  RecordedWait = Struct.new(:wait, :time, :account_service_id, :image_id, :baseline, :updates)

  # @param file [String] a recording, as +clanforge wait --record+ writes it
  # @return [Array<RecordedWait>] its waits, in the order in which they began
  # @raise [ConfigurationError] if the file is not a recording
  def self.read_recording(file)
    Native.parse_recording(File.read(file, encoding: "UTF-8")).map do |wait|
      baseline = wait.baseline && Baseline.of(wait.baseline)
      updates = wait.updates.map { |update| update(update) }
      RecordedWait.new(wait.wait, wait.time, *ImageRef.of(wait.image), baseline, updates).freeze
    end
  end

  class Outcome
    # @return [Boolean] whether the wait ended as ready
    def ready? = kind == :ready

    # @return [Integer] the exit code of the +clanforge+ command for this outcome
    def exit_code = OUTCOME_KIND_EXIT_CODES.fetch(kind)

    # @return [Outcome] this outcome, if it is ready
    # @raise [NotReadyError] if it is not
    def raise_unless_ready = ready? ? self : raise(NotReadyError.new(self))

    # @return [Hash, nil] the summary of the status; nil if there was no reading
    def summary = status&.summary
  end

  # An image status from before a rollout. A wait uses it to tell the counts of the new version from those of the old one.
  Baseline = Struct.new(:account_service_id, :image_id, :status, :taken_at) do
    # @param account_service_id [Integer]
    # @param image_id [Integer]
    # @param status [ImageStatus] the status, with detail
    # @param taken_at [String, nil] when the service was asked for it: a time in UTC as in RFC 3339
    def initialize(account_service_id, image_id, status, taken_at = nil)
      raise ConfigurationError, "invalid status #{status.inspect}: expected a #{ImageStatus}" unless status.is_a?(ImageStatus)

      ImageRef.new(account_service_id, image_id).native
      super
      freeze
    end

    # @param text [String] JSON from {#to_json} or +clanforge baseline+
    def self.from_json(text) = of(Native.baseline_from_json(text))

    # @api private
    def self.of(native) = new(*ImageRef.of(native.image), ImageStatus.of(native.status), native.taken_at)

    # @api private
    def native
      Native::Baseline.new(image: ImageRef.new(account_service_id, image_id).native, status: status.native, taken_at: taken_at)
    end

    # @return [String] the baseline in JSON, as +clanforge wait --since+ reads it
    def to_json(*) = native.to_json
  end

  # The state machine of a wait, without a clock and without I/O, for tests and for a loop of your own.
  class Monitor
    extend Forwardable

    # @param policy [Policy]
    # @param baseline [Baseline, nil]
    def initialize(account_service_id, image_id, policy: Policy.new, baseline: nil)
      @native = Native::Monitor.new(ImageRef.new(account_service_id, image_id).native, policy.native, baseline&.native)
    end

    # @!method needs_detail?
    #   @return [Boolean] whether the gate needs the counts of each fleet and region
    def_delegator :@native, :needs_detail, :needs_detail?

    # @!method started?
    #   @return [Boolean] whether there is evidence that the counts describe the new version
    def_delegator :@native, :has_started, :started?

    # Processes a reading, and returns its update and when to read next. Pass readings in the order of time.
    #
    # @param elapsed [Numeric] when the reading was received, in seconds since the start of the wait
    # @param reading [ImageStatus, ReadFailure] the status, or why the reading failed
    # @param age [Numeric] how old the status was then, by the +Age+ header of a cache, in seconds
    # @return [Step]
    def observe(elapsed, reading, age: 0)
      elapsed, age = Take.seconds(:elapsed, elapsed), Take.seconds(:age, age)
      return Step.of(@native.observe_status(elapsed, reading.native, age)) if reading.is_a?(ImageStatus)

      Step.of(@native.observe_failure(elapsed, reading.native))
    end
  end
end
