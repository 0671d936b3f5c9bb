# frozen_string_literal: true

module Clanforge
  # One region of one fleet as a flat row.
  RegionRow = Struct.new(:fleet_id, :region_id, :name, :counts) do
    # @api private
    def self.of(native) = new(native.fleet_id, native.region_id, native.name, MachineCounts.of(native.counts)).freeze

    # @return [Hash] the IDs, the name and the counts
    def to_h = { fleet_id: fleet_id, region_id: region_id, name: name, **counts.to_h }
  end

  # The status of an image: machine counts in total and, with detail, for each fleet and region.
  #
  # Immutable, and comparable by value. Fleets and regions are converted to Ruby objects when they are read.
  class ImageStatus
    extend Forwardable

    # Creates a status without detail.
    #
    # @raise [ConfigurationError] if a count is not an Integer from 0, or their sum exceeds 64 bits
    def initialize(pending_machines:, failed_machines:, completed_machines:)
      @native = Native::ImageStatus.new(MachineCounts.new(pending_machines, failed_machines, completed_machines).native)
      freeze
    end

    # @param body [String] a response body, or JSON from {#to_json}
    # @return [ImageStatus]
    # @raise [ApiError] if the body is an error of the service
    # @raise [DecodeError] if the body is not an image status
    def self.from_json(body) = of(Native::ImageStatus.from_bytes(body.b))

    # @return [MachineCounts] the machine counts of the whole image, as the service states them
    def counts = MachineCounts.of(native.counts)

    # @!method detail?
    #   @return [Boolean] whether the status has the counts of each fleet and region
    def_delegator :native, :has_detail, :detail?

    # @return [Hash] what the counts say: the +summary+ that +clanforge status -o json+ writes
    def summary = JSON.parse(native.summary)

    # @!method to_json
    #   @return [String] the status in JSON, in the format of the service

    # @return [Hash] the status as a Hash, like the service's response
    def to_h = JSON.parse(to_json)

    def inspect
      "#<Clanforge::ImageStatus #{completed_machines} completed, #{pending_machines} pending, #{failed_machines} failed" \
        "#{", with detail" if detail?}>"
    end
  end
end
