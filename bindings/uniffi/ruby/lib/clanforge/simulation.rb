# frozen_string_literal: true

module Clanforge
  # The service, played within the process over real HTTP: for the tests of scripts that use it.
  class Simulation
    # @api private
    def initialize(native)
      @native = native
    end

    # @!attribute [r] url
    #   @return [String] its address
    # @!attribute [r] environment
    #   @return [Hash] the environment variables that point a client, or the command, at it
    %i[url access_key secret_key token environment].each { |name| define_method(name) { @native.public_send(name) } }

    # @!attribute [r] requests
    #   @return [Integer] how many requests have come
    # @!attribute [r] rollout_seconds
    #   @return [Float] how far the rollout is, in its own time; its clock starts with the first request
    %i[requests open_connections rollout_seconds].each do |name|
      define_method(name) { Clanforge.guarded { @native.public_send(name) } }
    end

    # @return [Client] a client of it
    def client(**settings)
      Client.new(base_url: url, access_key: access_key, secret_key: secret_key).with_options(**settings)
    end

    # Stops playing.
    def close
      @native.stop
    end
  end

  # Plays the service on a loopback port, until the block ends or the simulation is closed.
  #
  # @param scenario [String] the name of a scenario that ships, see {scenarios}, or the path of a file
  # @param speed [Numeric] how many times faster than the clock the rollout runs
  # @raise [ConfigurationError]
  def self.simulate(scenario = "happy", speed: 1.0, port: 0, account_service_id: nil, image_id: nil)
    native = guarded { Native::Simulation.new(scenario.to_s, speed.to_f, port, account_service_id, image_id) }
    simulation = Simulation.new(native)
    return simulation unless block_given?

    begin
      yield simulation
    ensure
      simulation.close
    end
  end

  # @return [Hash] the scenarios that ship: what each shows, by its name
  def self.scenarios
    Native.scenarios
  end
end
