# frozen_string_literal: true

module Clanforge
  # A client of the service. A call blocks only its own thread. +Interrupt+, +Timeout+ and +Thread#raise+ cancel a call and close
  # its connection. Threads can share a client.
  class Client
    # @param settings see {ClientOptions.encode}
    # @raise [ConfigurationError] if settings are invalid, or there are no credentials
    def initialize(**settings)
      @settings = settings
      @native = Native::Client.from_json(ClientOptions.encode(**settings))
    end

    # Waits until an image is ready, has failed, or the wait ends for another reason, and returns the outcome.
    #
    # @param baseline [Baseline, nil] the status before the rollout: with it, the wait tells the counts of the new version from
    #   those of the old one; without it, the freshness of the outcome may be +:assumed+
    # @param detail [Boolean] request the counts of each fleet and region even if the gate does not need them
    # @param policy [Policy, nil] a policy, instead of the options of {Policy#initialize}; the other arguments may be given with it
    # @param options see {Policy#initialize}
    # @yieldparam update [ReadingTaken, ReadFailed, Outcome] each update of the wait
    # @return [Outcome]
    # @raise [Error] for a permanent error, such as rejected credentials or an unknown image
    def wait(account_service_id, image_id, **options, &block)
      last = nil
      watch(account_service_id, image_id, **options) do |update|
        block&.call(update)
        last = update
      end
      last
    end

    # Waits as {#wait} does, and yields each update; the last is the outcome. Leaving the block with +break+ or an exception ends
    # the wait. Without a block, it returns an enumerator.
    #
    # @return [Enumerator, nil]
    def watch(account_service_id, image_id, baseline: nil, detail: false, seed: nil, policy: nil, **options)
      unless block_given?
        return enum_for(:watch, account_service_id, image_id, baseline: baseline, detail: detail, seed: seed, policy: policy, **options)
      end

      image = ImageRef.new(account_service_id, image_id).native
      raise ConfigurationError, "`policy` and `#{options.keys.first}` are both given: pass one or the other" if policy && options.any?

      policy ||= Policy.new(**options)
      watch = @native.watch(image, policy.native, baseline&.native, detail, seed)
      while (update = Clanforge.await { watch.next_blocking })
        yield Clanforge.update(update)
      end
    ensure
      watch&.stop
    end

    # @return [Client] a client with some settings changed, and its own connections
    def with_options(**settings)
      kept = @settings.dup
      %i[access_key secret_key].each { |name| kept.delete(name) } if settings[:token]
      kept.delete(:token) if settings[:access_key]
      Client.new(**kept, **settings)
    end

    # Ends every call and wait of this client, in other threads too, with a {ConfigurationError}, and closes its connections.
    # Later calls fail.
    def close
      @native.stop
    end

    def inspect = "#<Clanforge::Client>"

    # @api private
    def marshal_dump(*)
      raise TypeError, "cannot serialize a client: it holds credentials and connections"
    end
    alias encode_with marshal_dump
  end

  # Makes a blocking call on a thread of its own, and waits for it: unlike a thread that runs native code, a thread that waits can
  # be interrupted. An interrupt cancels the call.
  # @api private
  def self.await
    cancellation = Native::Cancellation.new
    thread = Thread.new do
      Thread.current.report_on_exception = false
      yield cancellation
    end
    thread.value
  rescue Error => e
    # Where the call was made, not where its thread began.
    e.set_backtrace(caller)
    raise
  ensure
    cancellation&.cancel
  end

  # Returns the status of an image, with credentials from the environment. For several calls, create a client.
  #
  # @return [ImageStatus]
  def self.image_status(account_service_id, image_id, **options)
    Client.new.image_status(account_service_id, image_id, **options)
  end
end
