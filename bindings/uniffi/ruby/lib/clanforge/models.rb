# frozen_string_literal: true

module Clanforge
  class MachineCounts
    # @api private
    def native
      Native::MachineCounts.new(**to_h { |name, count| [name, Take.integer(name, count, 0..(2**64 - 1))] })
    end

    # @!method total_machines
    #   @return [Integer] the number of machines in all three states
    # @!method percent_complete
    #   @return [Float, nil] the share of completed machines in percent: 100.0 only if all are completed, nil if there are no machines
    # @!method percent_text
    #   @return [String] the percentage as text, such as "97.5 %": never rounded up to "100 %", and "-" if there are no machines
    %i[total_machines percent_complete percent_text].each do |name|
      define_method(name) { Clanforge.call_native { native.public_send(name) } }
    end

    # @return [Symbol] +:empty+, +:installing+, +:degraded+ or +:ready+
    def readiness
      Clanforge.symbol(Native::Readiness, Clanforge.call_native { native.readiness })
    end

    # @return [Boolean] whether there are machines, and all are completed
    def ready?
      readiness == :ready
    end
  end

  # One region of one fleet as a flat row.
  RegionRow = Struct.new(:fleet_id, :region_id, :name, :counts) do
    # @api private
    def self.of(native)
      new(native.fleet_id, native.region_id, native.name, MachineCounts.of(native.counts)).freeze
    end

    # @return [Hash] the IDs, the name and the counts
    def to_h
      { fleet_id: fleet_id, region_id: region_id, name: name, **counts.to_h }
    end
  end

  # The status of an image: machine counts in total and, with detail, for each fleet and region.
  #
  # Immutable, and comparable by value. Fleets and regions are converted to Ruby objects when they are read.
  class ImageStatus
    include EqualByJson

    # @api private
    attr_reader :native

    # Creates a status without detail.
    #
    # @raise [ConfigurationError] if a count is not an Integer from 0, or their sum exceeds 64 bits
    def initialize(pending_machines:, failed_machines:, completed_machines:)
      counts = MachineCounts.new(pending_machines, failed_machines, completed_machines).native
      @native = Clanforge.call_native { Native::ImageStatus.new(counts) }
      freeze
    end

    # @api private
    def self.of(native)
      allocate.tap { |status| status.instance_variable_set(:@native, native) }.freeze
    end

    # @param body [String] a response body, or JSON from {#to_json}
    # @return [ImageStatus]
    # @raise [ApiError] if the body is an error of the service
    # @raise [DecodeError] if the body is not an image status
    def self.from_json(body)
      of(Clanforge.call_native { Native::ImageStatus.from_bytes(body.b) })
    end

    # @return [MachineCounts] the machine counts of the whole image, as the service states them
    def counts
      MachineCounts.of(native.counts)
    end

    # The methods of its counts. Only a wait can tell whether +ready?+ is about the new version.
    [*MachineCounts.members, :total_machines, :percent_complete, :percent_text, :readiness, :ready?].each do |name|
      define_method(name) { counts.public_send(name) }
    end

    # @return [Boolean] whether the status has the counts of each fleet and region
    def detail?
      native.has_detail
    end

    # @!attribute [r] fleets
    #   @return [Array<FleetStatus>, nil] the fleets, ordered by ID; nil without detail
    # @!attribute [r] regions
    #   @return [Array<RegionRow>, nil] every region of every fleet; nil without detail
    # @!attribute [r] failed_regions
    #   @return [Array<RegionRow>, nil] the regions with failed machines, most failed first; nil without detail
    # @!attribute [r] pending_regions
    #   @return [Array<RegionRow>, nil] the regions with pending machines, most pending first; nil without detail
    # @!attribute [r] mismatches
    #   @return [Array<Mismatch>, nil] where the counts of the image or of a fleet differ from the sum of its parts; nil without detail
    { fleets: FleetStatus, regions: RegionRow, failed_regions: RegionRow, pending_regions: RegionRow, mismatches: Mismatch }
      .each { |name, part| define_method(name) { native.public_send(name)&.map { |each| part.of(each) } } }

    # @return [Hash] what the counts say: the +summary+ that +clanforge status -o json+ writes
    def summary
      JSON.parse(native.summary)
    end

    # @return [String] the status in JSON, in the format of the service
    def to_json(*)
      native.to_json
    end

    # @return [Hash] the status as a Hash, like the service's response
    def to_h
      JSON.parse(to_json)
    end

    def inspect
      "#<Clanforge::ImageStatus #{completed_machines} completed, #{pending_machines} pending, #{failed_machines} failed" \
        "#{", with detail" if detail?}>"
    end
  end
end
