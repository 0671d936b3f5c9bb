# frozen_string_literal: true

module Clanforge
  # The number of machines in each state.
  MachineCounts = Struct.new(:pending_machines, :failed_machines, :completed_machines) do
    # @api private
    def self.of(native)
      new(native.pending_machines, native.failed_machines, native.completed_machines).freeze
    end

    # @api private
    def native
      Native::MachineCounts.new(**to_h { |name, count| [name, Take.integer(name, count, 0..(2**64 - 1))] })
    end

    # @!method total_machines
    #   @return [Integer] the number of machines in all three states
    # @!method percent_complete
    #   @return [Float, nil] the percentage of completed machines, 100.0 only when all are completed; nil without machines
    # @!method percent_text
    #   @return [String] the percentage as text for people, never rounded up to "100 %"
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

  # One region of a fleet.
  RegionStatus = Struct.new(:region_id, :name, :counts)
  # One fleet, its regions sorted by ID.
  FleetStatus = Struct.new(:fleet_id, :counts, :regions)
  # One region of one fleet as a flat row.
  RegionRow = Struct.new(:fleet_id, :region_id, :name, :counts) do
    # @return [Hash] the IDs, the name and the counts
    def to_h
      { fleet_id: fleet_id, region_id: region_id, name: name, **counts.to_h }
    end
  end
  # A total that differs from the sum of its parts; +fleet_id+ is nil for the image.
  Mismatch = Struct.new(:fleet_id, :stated, :summed)

  # The status of an image: the number of machines in each state, and with detail those of each fleet and region.
  #
  # Immutable, and comparable by value. Fleets and regions are converted to Ruby objects when they are read.
  class ImageStatus
    # @api private
    attr_reader :native

    # Creates a status without detail.
    #
    # @raise [ConfigurationError] where a count is no Integer from 0, or their sum exceeds 64 bits
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
    # @raise [ApiError, DecodeError]
    def self.from_json(body)
      of(Clanforge.call_native { Native::ImageStatus.from_bytes(body.b) })
    end

    # @return [MachineCounts] the machines of the whole image, as the service reports them
    def counts
      MachineCounts.of(native.counts)
    end

    %i[pending_machines failed_machines completed_machines total_machines percent_complete percent_text].each do |name|
      define_method(name) { native.public_send(name) }
    end

    # @return [Symbol] +:empty+, +:installing+, +:degraded+ or +:ready+
    def readiness
      Clanforge.symbol(Native::Readiness, native.readiness)
    end

    # @return [Boolean] whether there are machines, and all are completed; only a wait can tell whether they run the new version
    def ready?
      native.is_ready
    end

    # @return [Boolean] whether the status has the counts of each fleet and region
    def detail?
      native.has_detail
    end

    # @return [Array<FleetStatus>, nil] the fleets sorted by ID; nil without detail
    def fleets
      native.fleets&.map do |fleet|
        regions = fleet.regions.map do |region|
          RegionStatus.new(region.region_id, region.name, MachineCounts.of(region.counts)).freeze
        end
        FleetStatus.new(fleet.fleet_id, MachineCounts.of(fleet.counts), regions.freeze).freeze
      end
    end

    # @return [Array<RegionRow>, nil] every region of every fleet; nil without detail
    def regions
      rows(native.regions)
    end

    # @return [Array<RegionRow>, nil] the regions with failed machines, most failed first; nil without detail
    def failed_regions
      rows(native.failed_regions)
    end

    # @return [Array<RegionRow>, nil] the regions with pending machines, most pending first; nil without detail
    def pending_regions
      rows(native.pending_regions)
    end

    # @return [Array<Mismatch>, nil] the totals that differ from the sum of their parts; nil without detail
    def mismatches
      native.mismatches&.map do |each|
        Mismatch.new(each.fleet_id, MachineCounts.of(each.stated), MachineCounts.of(each.summed)).freeze
      end
    end

    # @return [Hash] the summary: the +summary+ of the +-o json+ output
    def summary
      JSON.parse(native.summary)
    end

    # @return [String] the status in JSON, in the format of the service
    def to_json(*)
      native.to_json
    end

    # @return [Hash] the status as plain values
    def to_h
      JSON.parse(to_json)
    end

    def ==(other)
      other.is_a?(ImageStatus) && to_json == other.to_json
    end
    alias eql? ==

    def hash
      to_json.hash
    end

    def inspect
      "#<Clanforge::ImageStatus #{completed_machines} completed, #{pending_machines} pending, #{failed_machines} failed" \
        "#{", with detail" if detail?}>"
    end

    private

    def rows(rows)
      rows&.map { |row| RegionRow.new(row.fleet_id, row.region_id, row.name, MachineCounts.of(row.counts)).freeze }
    end
  end
end
