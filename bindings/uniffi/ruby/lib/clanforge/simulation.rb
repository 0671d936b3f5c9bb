# frozen_string_literal: true

module Clanforge
  # A simulator: a fake service in your process that serves real HTTP, to test your scripts against. See {Clanforge.simulate}.
  class Simulation
    # @api private
    def initialize(native)
      @native = native
    end

    # @!attribute [r] url
    #   @return [String] the base URL
    # @!attribute [r] environment
    #   @return [Hash] the environment variables that make a client or the command use the simulator; with them, or in
    #     this process, a wait does not sleep: it advances the clock of the simulation instead
    %i[token environment].each { |name| define_method(name) { @native.public_send(name) } }

    def url
      @native.options.base_url
    end

    # @!attribute [r] requests
    #   @return [Integer] the number of requests received
    %i[requests open_connections].each do |name|
      define_method(name) { Clanforge.call_native { @native.public_send(name) } }
    end

    # @return [Client] a client for the simulator, whose waits skip time
    def client(**settings)
      options = @native.options
      Client.new(base_url: url, access_key: options.access_key, secret_key: options.secret_key).with_options(**settings)
    end

    # Stops the simulator.
    def close
      @native.stop
    end
  end

  # Starts a simulator on a loopback port. It runs until the block ends or the simulation is closed.
  #
  # @param scenario [String] the name of a built-in scenario (see {scenarios}), or the path of a scenario file
  # @param speed [Numeric, nil] how many times faster than real time the clock runs; a wait then takes its simulated
  #   time divided by this; by default, it takes no time
  # @param port [Integer] the port on 127.0.0.1; with 0, the system chooses a free port
  # @param account_service_id [Integer, nil] the only account service that exists; by default, every ID exists
  # @param image_id [Integer, nil] the only image that exists; by default, every ID exists
  # @return [Simulation, Object] the simulation, or the result of the block
  # @raise [ConfigurationError] if the scenario or the speed is invalid, or the port is not available
  def self.simulate(scenario = "happy", speed: nil, port: 0, account_service_id: nil, image_id: nil)
    native = call_native { Native::Simulation.new(scenario.to_s, speed&.to_f, port, account_service_id, image_id) }
    simulation = Simulation.new(native)
    return simulation unless block_given?

    begin
      yield simulation
    ensure
      simulation.close
    end
  end

  # @return [Hash] the description of each built-in scenario, by its name
  def self.scenarios
    Native.scenarios
  end
end
