# frozen_string_literal: true

module Clanforge
  # Asks the service for image statuses. Calls block the thread that makes them; other threads run on meanwhile, and
  # +Interrupt+, +Timeout+ and +Thread#raise+ end them and close their connection. Threads may use one client at the same time.
  class Client
    DURATIONS = %i[timeout attempt_timeout connect_timeout first_backoff max_backoff idle_timeout].freeze
    SETTINGS = (DURATIONS + %i[
      access_key secret_key token auth_scheme base_url retries max_body_bytes ca_file extra_ca_file proxy no_proxy allow_http user_agent
    ]).freeze
    private_constant :DURATIONS

    # Durations are in seconds. Credentials and address that are not given come from +CLANFORGE_ACCESS_KEY+ and
    # +CLANFORGE_SECRET_KEY+ (by +CLANFORGE_AUTH_SCHEME+), or +CLANFORGE_TOKEN+, and from +CLANFORGE_BASE_URL+.
    #
    # @raise [ConfigurationError] where settings cannot be used, or there are no credentials
    def initialize(**settings)
      unknown = settings.keys - SETTINGS
      raise ArgumentError, "unknown setting #{unknown.first}: one of #{SETTINGS.join(", ")}" unless unknown.empty?

      @settings = settings
      fields = settings.to_h { |name, value| DURATIONS.include?(name) ? [:"#{name}_seconds", value&.to_f] : [name, value] }
      @native = Clanforge.guarded { Native::Client.new(Native::ClientSettings.new(**fields)) }
    end

    # Returns how far an image is.
    #
    # @param detail [Boolean] ask for the counts of each fleet and region as well
    # @param timeout [Numeric, nil] how long the call may take, in seconds; the client's by default
    # @param retries [Integer, nil] how many more attempts may follow a failed one; the client's by default
    # @return [ImageStatus]
    # @raise [Error]
    def image_status(account_service_id, image_id, detail: false, timeout: nil, retries: nil)
      image = Clanforge.image(account_service_id, image_id)
      pending = Clanforge.guarded { @native.start_image_status(image, detail, timeout&.to_f, retries) }
      ImageStatus.new(Clanforge.await(pending).status)
    end

    # Waits until an image is ready by a gate, has failed, or is no longer worth waiting for, and returns how it ended.
    #
    # @param baseline [Baseline, nil] a status from before the rollout: it tells the new version's counts from the old one's.
    #   Without one an outcome may be assumed
    # @param detail [Boolean] ask for the counts of each fleet and region also where the gate does not need them
    # @param policy [Policy, nil] options that were put together before, in the place of the others
    # @param options gate ({Gate} or a Hash of its options), timeout (nil for as long as it takes), stall_timeout, start_grace,
    #   max_unreachable, min_interval, max_interval (seconds), confirmations, evidence, require_fresh, started, fail_fast
    # @yieldparam update [ReadingTaken, ReadFailed, Outcome] what happens meanwhile
    # @return [Outcome]
    # @raise [Error] where no repetition mends it: credentials that are refused, or an unknown image
    def wait(account_service_id, image_id, **options, &block)
      last = nil
      watch(account_service_id, image_id, **options) do |update|
        block&.call(update)
        last = update
      end
      last
    end

    # Waits likewise, and yields what happens; the last is the outcome. Leaving the block ends the waiting. Without a block,
    # returns an enumerator.
    #
    # @return [Enumerator, nil]
    def watch(account_service_id, image_id, baseline: nil, detail: false, seed: nil, policy: nil, **options)
      unless block_given?
        return enum_for(:watch, account_service_id, image_id, baseline: baseline, detail: detail, seed: seed, policy: policy, **options)
      end

      image = Clanforge.image(account_service_id, image_id)
      policy ||= Policy.new(**options)
      watch = Clanforge.guarded { @native.watch(image, policy.native, baseline&.native, detail, seed) }
      begin
        while (update = Clanforge.await(Clanforge.guarded { watch.start_next }).update)
          yield Clanforge.update_of(update)
        end
      ensure
        watch.stop
      end
      nil
    end

    # Returns the status, with detail, to be taken before a rollout is started and given to {#wait} afterwards.
    #
    # @return [Baseline]
    def baseline(account_service_id, image_id)
      Baseline.new(account_service_id, image_id, image_status(account_service_id, image_id, detail: true))
    end

    # @return [Client] one with some settings changed; the connections are its own
    def with_options(**settings)
      kept = @settings.dup
      %i[access_key secret_key].each { |name| kept.delete(name) } if settings[:token]
      kept.delete(:token) if settings[:access_key]
      Client.new(**kept, **settings)
    end

    def inspect
      "#<Clanforge::Client>"
    end

    # @api private
    def marshal_dump
      raise TypeError, "a client holds credentials and connections: it cannot be kept"
    end

    # @api private
    def encode_with(_coder)
      marshal_dump
    end
  end

  # How often a call that lasts looks whether it was interrupted, in seconds.
  TICK = 0.05
  private_constant :TICK

  # Waits for a call without the interpreter's lock, and ends it where the thread is interrupted.
  # @api private
  def self.await(pending)
    answer = nil
    answer = guarded { pending.wait_for(TICK) } while answer.nil?
    answer
  ensure
    pending.cancel if answer.nil?
  end

  # Returns how far an image is, with credentials from the environment: for a single call.
  #
  # @return [ImageStatus]
  def self.image_status(account_service_id, image_id, **options)
    Client.new.image_status(account_service_id, image_id, **options)
  end
end
