# frozen_string_literal: true

require "minitest/autorun"
require "rbconfig"
require "socket"
require "timeout"
require_relative "../lib/clanforge"

# Calls, against the simulator and a server that never answers.
class ClientTest < Minitest::Test
  IMAGE = [1234, 5678].freeze
  FAST = { min_interval: 0.02, max_interval: 0.2 }.freeze
  # What is promised for an end before its time, in seconds.
  AT_ONCE = 0.1

  # A server that takes connections and never answers; it notes when a client closes one.
  class Silent
    attr_reader :url, :asked, :closed

    def initialize
      @listener = TCPServer.new("127.0.0.1", 0)
      @url = "http://127.0.0.1:#{@listener.addr[1]}"
      @asked, @closed = Queue.new, Queue.new
      @thread = Thread.new { loop { serve(@listener.accept) } }
    end

    def serve(socket)
      Thread.new do
        @asked << true while socket.readpartial(65_536)
      rescue EOFError, SystemCallError
        @closed << now
      end
    end

    def close
      @thread.kill
      @listener.close
    end

    def now
      Process.clock_gettime(Process::CLOCK_MONOTONIC)
    end
  end

  def test_it_asks
    Clanforge.simulate do |service|
      client = service.client
      assert_equal 54, client.image_status(*IMAGE).total_machines
      assert_equal 2, client.image_status(*IMAGE, detail: true).fleets.size
      assert_equal 2, service.requests
      assert_equal 54, service.client(token: service.token).image_status(*IMAGE).completed_machines
    end
  end

  def test_credentials_come_from_the_environment
    Clanforge.simulate do |service|
      before = ENV.to_h
      ENV.update(service.environment)
      assert_equal 54, Clanforge.image_status(*IMAGE).total_machines
    ensure
      ENV.replace(before)
    end
  end

  def test_it_waits_to_the_end_of_a_rollout_and_yields_what_happens
    Clanforge.simulate(speed: 600) do |service|
      client, told = service.client, []
      outcome = client.wait(*IMAGE, baseline: client.baseline(*IMAGE), gate: { per: :region }, **FAST) { |update| told << update }
      assert_equal %i[ready observed], [outcome.kind, outcome.freshness]
      assert_same outcome, outcome.raise_unless_ready
      assert_same outcome, told.pop
      assert(told.all? { |update| update.is_a?(Clanforge::ReadingTaken) && update.status.detail? })
    end
  end

  def test_a_wait_that_is_not_ready_can_be_raised
    Clanforge.simulate("failures-stay", speed: 600) do |service|
      client = service.client
      outcome = client.wait(*IMAGE, baseline: client.baseline(*IMAGE), **FAST)
      assert_equal :failed, outcome.kind
      assert_same outcome, assert_raises(Clanforge::NotReadyError) { outcome.raise_unless_ready }.outcome
    end
  end

  def test_leaving_the_block_ends_the_waiting
    Clanforge.simulate do |service|
      service.client.watch(*IMAGE) { |update| break assert_instance_of(Clanforge::ReadingTaken, update) }
      assert_instance_of Clanforge::ReadingTaken, service.client.watch(*IMAGE).first
      requests = service.requests
      sleep 0.3
      assert_equal requests, service.requests
    end
  end

  { "image_status" => ->(client) { client.image_status(*IMAGE) }, "wait" => ->(client) { client.wait(*IMAGE) } }.each do |name, call|
    define_method("test_a_timeout_ends_#{name}_and_closes_its_connection") do
      server = Silent.new
      client = Clanforge::Client.new(base_url: server.url, token: "t")
      begun = server.now
      assert_raises(Timeout::Error) { Timeout.timeout(0.3) { call.call(client) } }
      assert_operator server.now - begun, :<, 0.3 + AT_ONCE
      assert_operator server.closed.pop - begun, :<, 0.3 + 2 * AT_ONCE
    ensure
      server.close
    end

    define_method("test_ctrl_c_ends_#{name}") do
      server = Silent.new
      script = <<~RUBY
        require #{File.expand_path("../lib/clanforge", __dir__).inspect}
        client = Clanforge::Client.new(base_url: #{server.url.inspect}, token: "t")
        begin
          client.#{name}(1234, 5678)
        rescue Interrupt
          puts "interrupted"
        end
      RUBY
      output = IO.popen([RbConfig.ruby, "-e", script])
      server.asked.pop
      pressed = server.now
      Process.kill("INT", output.pid)
      assert_equal "interrupted\n", output.read
      assert_operator server.closed.pop - pressed, :<, AT_ONCE
    ensure
      output&.close
      server.close
    end
  end

  def test_other_threads_run_on_while_a_call_waits
    server = Silent.new
    counted = 0
    counter = Thread.new { loop { counted += 1 } }
    client = Clanforge::Client.new(base_url: server.url, token: "t")
    error = assert_raises(Clanforge::TimeoutError) { client.image_status(*IMAGE, timeout: 0.3, retries: 0) }
    assert_equal :timeout, error.kind
    assert_operator counted, :>, 10_000
  ensure
    counter.kill
    server.close
  end

  def test_threads_share_a_client
    Clanforge.simulate do |service|
      client = service.client
      threads = Array.new(16) { Thread.new { Array.new(10) { client.image_status(*IMAGE).total_machines }.uniq } }
      assert_equal [54], threads.flat_map(&:value).uniq
      assert_equal 160, service.requests
    end
  end

  def test_an_error_has_its_fields_and_no_secret
    Clanforge.simulate do |service|
      client = service.client(access_key: "canary-key", secret_key: "canary-secret")
      error = assert_raises(Clanforge::Error) { client.image_status(*IMAGE) }
      assert_includes [401, 403], error.status
      assert_equal 1, error.attempts
      assert_operator error.elapsed, :>, 0
      refute_match(/canary/, [error.message, error.inspect, error.full_message, error.causes, client.inspect].join)
    end
  end

  {
    "no credentials" => -> { Clanforge::Client.new },
    "one key without its other half" => -> { Clanforge::Client.new(access_key: "k") },
    "invalid timeout of -1" => -> { Clanforge::Client.new(token: "t", timeout: -1) },
    "101%" => -> { Clanforge::Gate.new(max_failed: "101%") },
    "invalid per :country" => -> { Clanforge::Gate.new(per: :country) },
    "min_interval" => -> { Clanforge::Policy.new(min_interval: 5, max_interval: 1) },
    "no scenario is called" => -> { Clanforge.simulate("nothing") },
    "invalid image_id \"5\"" => -> { Clanforge::Client.new(token: "t").image_status(1, "5") },
    "invalid status" => -> { Clanforge::Baseline.new(1, 2, nil) },
  }.each do |said, make|
    define_method("test_bad_input_is_refused: #{said}") do
      assert_includes assert_raises(Clanforge::ConfigurationError, &make).message, said
    end
  end

  def test_what_is_unknown_is_an_argument_error
    assert_raises(ArgumentError) { Clanforge::Client.new(tokens: "t") }
    assert_raises(ArgumentError) { Clanforge::Policy.new(timeouts: 1) }
  end

  def test_a_baseline_is_what_the_command_writes
    Clanforge.simulate do |service|
      baseline = service.client.baseline(*IMAGE)
      again = Clanforge::Baseline.from_json(baseline.to_json)
      assert_equal [*IMAGE, baseline.status], [again.account_service_id, again.image_id, again.status]
    end
  end
end
