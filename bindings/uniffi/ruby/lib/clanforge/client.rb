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
    # @macro wait_options
    # @param policy [Policy, nil] a policy, instead of the options of {Policy#initialize}; the other arguments may be given with it
    # @param options see {Policy#initialize}
    # @yieldparam update [ReadingTaken, ReadFailed, Outcome] each update of the wait
    # @return [Outcome]
    # @raise [Error] for a permanent error, such as rejected credentials or an unknown image
    def wait(account_service_id, image_id, **options, &block)
      watch(account_service_id, image_id, **options).inject(nil) do |_, update|
        block&.call(update)
        update
      end
    end

    # Waits as {#wait} does, and yields each update; the last is the outcome. Leaving the block with +break+ or an exception ends
    # the wait. Without a block, it returns an enumerator.
    #
    # @return [Enumerator, nil]
    def watch(account_service_id, image_id, baseline: nil, detail: false, seed: nil, policy: nil, **options)
      return enum_for(__method__, account_service_id, image_id, baseline:, detail:, seed:, policy:, **options) unless block_given?

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
      kept = settings[:token] ? @settings.except(:access_key, :secret_key) : @settings
      kept = kept.except(:token) if settings[:access_key]
      Client.new(**kept, **settings)
    end

    # Ends every call and wait of this client, in other threads too, with a {ConfigurationError}, and closes its connections.
    # Later calls fail.
    def close = @native.stop

    def inspect = "#<Clanforge::Client>"

    # @api private
    def marshal_dump(*) = raise(TypeError, "cannot serialize a client: it holds credentials and connections")
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
    # The backtrace shows the line that made the call, not the thread that ran it.
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
