# frozen_string_literal: true

module Clanforge
  # A simulator: a fake service in your process that serves real HTTP, to test your scripts against. See {Clanforge.simulate}.
  class Simulation
    extend Forwardable

    # @api private
    def initialize(native)
      @native = native
    end

    # @!attribute [r] token
    #   @return [String] the bearer token that it accepts
    # @!attribute [r] environment
    #   @return [Hash] the environment variables that make a client or the command use the simulator; with them, or in
    #     this process, a wait does not sleep: it advances the clock of the simulation instead
    def_delegators :@native, :token, :environment

    # @!method close
    #   Stops the simulator.
    def_delegator :@native, :stop, :close

    # @return [Client] a client for the simulator, whose waits skip time
    def client(**settings) = Client.new(base_url: url, access_key:, secret_key:).with_options(**settings)
  end

  # @return [Hash] the description of each built-in scenario, by its name
  def self.scenarios = Native.scenarios
end
