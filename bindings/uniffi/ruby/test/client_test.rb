# frozen_string_literal: true

require "io/wait"
require "minitest/autorun"
require "rbconfig"
require "socket"
require "timeout"
require_relative "../lib/clanforge"

# Calls to the simulator, and to a server that never responds.
class ClientTest < Minitest::Test
  IMAGE = [1234, 5678].freeze
  # Settings with which a call ends only by an interrupt.
  PATIENT = { token: "t", timeout: 3600, attempt_timeout: 3600, retries: 0 }.freeze
  # How long a test waits for an event before it fails, in seconds. No assertion depends on it.
  LONG = 60

  # A server that accepts connections and never responds. It records when a client closes its connection, and closes the
  # connection itself after `LONG` seconds.
  class SilentServer
    attr_reader :url, :requests, :closed_by_client

    def initialize
      @listener = TCPServer.new("127.0.0.1", 0)
      @url = "http://127.0.0.1:#{@listener.addr[1]}"
      @requests, @closed_by_client = Queue.new, Queue.new
      @thread = Thread.new { loop { serve(@listener.accept) } }
    end

    def serve(socket)
      Thread.new do
        while (is_open = socket.wait_readable(LONG))
          @requests << socket.readpartial(65_536)
        end
      rescue EOFError, SystemCallError
        @closed_by_client << true
      ensure
        @closed_by_client << false unless is_open
        socket.close
      end
    end

    def close
      @thread.kill
      @listener.close
    end
  end

  def test_calls_return_statuses
    Clanforge.simulate do |service|
      client = service.client
      assert_equal 54, client.image_status(*IMAGE).total_machines
      assert_equal 2, client.image_status(*IMAGE, detail: true).fleets.size
      assert_equal 2, service.requests
      assert_equal 54, service.client(token: service.token).image_status(*IMAGE).completed_machines
    end
  end

  def test_credentials_come_from_the_environment_in_which_a_wait_skips_time
    Clanforge.simulate do |service|
      before = ENV.to_h
      ENV.update(service.environment)
      assert_equal 54, Clanforge.image_status(*IMAGE).total_machines
      client = Clanforge::Client.new
      outcome = Timeout.timeout(LONG) { client.wait(*IMAGE, baseline: client.baseline(*IMAGE)) }
      assert_equal %i[ready observed], [outcome.kind, outcome.freshness]
      assert_operator outcome.elapsed, :>, LONG
    ensure
      ENV.replace(before)
    end
  end

  def test_a_wait_yields_the_readings_and_returns_the_outcome
    Clanforge.simulate do |service|
      client, updates = service.client, []
      outcome = client.wait(*IMAGE, baseline: client.baseline(*IMAGE), gate: { per: :region }) { |update| updates << update }
      assert_equal %i[ready observed], [outcome.kind, outcome.freshness]
      assert_same outcome, outcome.raise_unless_ready
      assert_same outcome, updates.pop
      assert(updates.all? { |update| update.is_a?(Clanforge::ReadingTaken) && update.status.detail? })
    end
  end

  def test_a_failed_outcome_raises_on_request
    Clanforge.simulate("failures-stay") do |service|
      client = service.client
      outcome = client.wait(*IMAGE, baseline: client.baseline(*IMAGE))
      assert_equal [:failed, 1, outcome.reason], [outcome.kind, outcome.exit_code, outcome.to_s]
      error = assert_raises(Clanforge::NotReadyError) { outcome.raise_unless_ready }
      assert_same outcome, error.outcome
      assert_equal 1, error.exit_code
    end
  end

  def test_a_ready_outcome_that_is_only_assumed_warns_once
    Clanforge.simulate do |service|
      outcome = nil
      assert_output(nil, /\Aclanforge: image 5678 of account service 1234: ready is only assumed: [^\n]*\n\z/) do
        outcome = service.client.wait(*IMAGE, start_grace: 0, settle: 0)
      end
      assert_equal %i[ready assumed], [outcome.kind, outcome.freshness]
    end
  end

  def test_a_baseline_says_when_it_was_taken_and_a_doubtful_one_warns
    Clanforge.simulate("empty") do |service|
      assert_output(nil, /\Aclanforge: image 5678 of account service 1234: the baseline has no machines: [^\n]*\n\z/) do
        baseline = service.client.baseline(*IMAGE)
        assert_match(/\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\z/, baseline.taken_at)
        assert_equal baseline, Clanforge::Baseline.from_json(baseline.to_json)
      end
    end
  end

  def test_an_observed_ready_does_not_warn
    Clanforge.simulate do |service|
      client = service.client
      assert_silent { assert client.wait(*IMAGE, baseline: client.baseline(*IMAGE)).ready? }
    end
  end

  def test_leaving_the_block_closes_the_connection
    Clanforge.simulate do |service|
      service.client.watch(*IMAGE) { |update| break assert_instance_of(Clanforge::ReadingTaken, update) }
      assert_instance_of Clanforge::ReadingTaken, service.client.watch(*IMAGE).first
      requests = service.requests
      Timeout.timeout(LONG) { sleep 0.01 while service.open_connections.positive? }
      assert_equal requests, service.requests
    end
  end

  def test_closing_the_client_between_two_readings_ends_the_wait_without_another_request
    Clanforge.simulate(speed: 1) do |service|
      client, readings = service.client, Queue.new
      caller = Thread.new do
        assert_raises(Clanforge::ConfigurationError) { client.wait(*IMAGE, min_interval: 3600, max_interval: 3600) { |update| readings << update } }
      end
      readings.pop
      client.close
      assert_equal "the client was closed during the call", Timeout.timeout(LONG) { caller.value.message }
      assert_equal 1, service.requests
    end
  end

  {
    "image_status" => ->(client) { client.image_status(*IMAGE) },
    "baseline" => ->(client) { client.baseline(*IMAGE) },
    "wait" => ->(client) { client.wait(*IMAGE) }
  }.each do |name, call|
    define_method("test_a_timeout_ends_#{name}_and_closes_its_connection") do
      server = SilentServer.new
      client = Clanforge::Client.new(base_url: server.url, **PATIENT)
      assert_raises(Timeout::Error) { Timeout.timeout(0.3) { call.call(client) } }
      assert server.closed_by_client.pop
    ensure
      server.close
    end

    define_method("test_closing_the_client_ends_#{name}_and_closes_its_connection") do
      server = SilentServer.new
      client = Clanforge::Client.new(base_url: server.url, **PATIENT)
      caller = Thread.new { assert_raises(Clanforge::ConfigurationError) { call.call(client) } }
      server.requests.pop
      client.close
      assert_equal "the client was closed during the call", Timeout.timeout(LONG) { caller.value.message }
      assert server.closed_by_client.pop
      assert_equal "the client is closed: create a new one", assert_raises(Clanforge::ConfigurationError) { call.call(client) }.message
      assert_empty server.requests
    ensure
      server.close
    end

    define_method("test_ctrl_c_ends_#{name}_and_closes_its_connection") do
      server = SilentServer.new
      script = <<~RUBY
        require #{File.expand_path("../lib/clanforge", __dir__).inspect}
        client = Clanforge::Client.new(base_url: #{server.url.inspect}, **#{PATIENT.inspect})
        begin
          client.#{name}(1234, 5678)
        rescue Interrupt
          puts "interrupted"
          $stdout.flush
          # The connection must close while the process still runs.
          $stdin.read
        end
      RUBY
      process = IO.popen([RbConfig.ruby, "-e", script], "r+")
      server.requests.pop
      Process.kill("INT", process.pid)
      assert_equal "interrupted\n", Timeout.timeout(LONG) { process.gets }
      assert server.closed_by_client.pop
    ensure
      process&.close
      server.close
    end
  end

  def test_other_threads_run_while_a_call_waits
    server = SilentServer.new
    client = Clanforge::Client.new(base_url: server.url, **PATIENT)
    caller = Thread.new { client.image_status(*IMAGE) }
    caller.report_on_exception = false
    server.requests.pop
    # Ends only if this thread runs while the other one waits for its call.
    assert_equal 499_999_500_000, (0...1_000_000).sum { |number| number }
    assert caller.alive?
    caller.raise(Interrupt)
    assert_raises(Interrupt) { caller.value }
    assert server.closed_by_client.pop
  ensure
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

  def test_a_simulation_starts_a_rollout_and_advances_its_clock
    Clanforge.simulate do |service|
      service.start_rollout(IMAGE.last)
      before = service.now
      service.advance(600)
      assert_in_delta before + 600, service.now, LONG
      assert_operator service.client.image_status(*IMAGE).pending_machines, :>, 0
      received = service.received
      assert_equal [1, 1, "GET"], [service.requests, received.size, received.last.method]
      assert_includes received.last.target, "/image/5678/"
      assert_in_delta service.now, received.last.seconds, LONG
    end
  end

  def test_a_simulation_fails_on_request
    Clanforge.simulate do |service|
      client = service.client(retries: 0)
      service.fail_next(2, status: 404)
      2.times { assert_raises(Clanforge::NotFoundError) { client.image_status(*IMAGE) } }
      service.fail_next
      assert_equal 503, assert_raises(Clanforge::ServerError) { client.image_status(*IMAGE) }.status
      service.outage(3600)
      assert_raises(Clanforge::ConnectionError) { client.image_status(*IMAGE) }
      service.advance(3600)
      assert client.image_status(*IMAGE).ready?
      assert_raises(Clanforge::ConfigurationError) { service.advance(-1) }
      assert_raises(Clanforge::ConfigurationError) { service.fail_next(1, status: 1) }
    end
  end

  def test_an_error_names_the_line_that_made_the_call
    Clanforge.simulate do |service|
      service.fail_next(1, status: 404)
      error = assert_raises(Clanforge::NotFoundError) { service.client.image_status(*IMAGE) }
      assert_includes error.backtrace.join("\n"), "#{__FILE__}:#{__LINE__ - 1}:"
    end
  end

  def test_an_error_has_its_fields_and_no_secret
    Clanforge.simulate do |service|
      client = service.client(access_key: "canary-key", secret_key: "canary-secret")
      error = assert_raises(Clanforge::Error) { client.image_status(*IMAGE) }
      assert_includes [401, 403], error.status
      assert_equal 4, error.exit_code
      assert_equal 1, error.attempts
      assert_operator error.elapsed, :>, 0
      refute_match(/canary/, [error.message, error.inspect, error.full_message, error.causes, client.inspect].join)
    end
  end

  {
    "no credentials" => -> { Clanforge::Client.new },
    "`access_key` is set and `secret_key` is not" => -> { Clanforge::Client.new(access_key: "k") },
    "invalid `timeout` -1: expected a number of seconds" => -> { Clanforge::Client.new(token: "t", timeout: -1) },
    "invalid `retries` \"2\": expected an Integer" => -> { Clanforge::Client.new(token: "t", retries: "2") },
    "invalid `token`: expected a String" => -> { Clanforge::Client.new(token: :t) },
    "invalid `stall_timeout` NaN: expected a number of seconds" => -> { Clanforge::Policy.new(stall_timeout: Float::NAN) },
    "invalid `max_failed`: invalid limit" => -> { Clanforge::Gate.from_json('{"max_failed": "x"}') },
    "101%" => -> { Clanforge::Gate.new(max_failed: "101%") },
    "invalid `per` :country: expected :total, :fleet, :region" => -> { Clanforge::Gate.new(per: :country) },
    "min_interval (5 s) is longer than max_interval (1 s)" => -> { Clanforge::Policy.new(min_interval: 5, max_interval: 1) },
    "no scenario is called" => -> { Clanforge.simulate("nothing") },
    "invalid `image_id` \"5\"" => -> { Clanforge::Client.new(token: "t").image_status(1, "5") },
    "invalid status nil: expected a Clanforge::ImageStatus" => -> { Clanforge::Baseline.new(1, 2, nil) },
  }.each do |message, make|
    define_method("test_invalid_input_is_named: #{message}") do
      assert_includes assert_raises(Clanforge::ConfigurationError, &make).message, message
    end
  end

  def test_an_invalid_argument_is_named_as_ruby_writes_it
    client = Clanforge::Client.new(token: "t")
    status = Clanforge::ImageStatus.new(pending_machines: 0, failed_machines: 0, completed_machines: 0)
    failure = Clanforge::ReadFailure.new(:server, "failed", nil, -1, nil)
    {
      "invalid `timeout` -1: expected a number of seconds from 0" => -> { client.image_status(*IMAGE, timeout: -1) },
      "`timeout` must be longer than 0 s" => -> { client.image_status(*IMAGE, timeout: 0) },
      "min_interval (5 s) is longer than max_interval (1 s)" => -> { client.wait(*IMAGE, min_interval: 5, max_interval: 1) },
      "`policy` and `timeout` are both given" => -> { client.wait(*IMAGE, policy: Clanforge::Policy.new, timeout: 600) },
      "invalid `elapsed` -1" => -> { Clanforge::Monitor.new(*IMAGE).observe(-1, status) },
      "invalid `retry_after` -1" => -> { Clanforge::Monitor.new(*IMAGE).observe(0, failure) }
    }.each do |message, call|
      assert_includes assert_raises(Clanforge::ConfigurationError, &call).message, message
    end
  end

  def test_an_unknown_option_is_an_argument_error
    assert_raises(ArgumentError) { Clanforge::Client.new(tokens: "t") }
    assert_raises(ArgumentError) { Clanforge::Policy.new(timeouts: 1) }
  end

  def test_a_baseline_survives_a_round_trip_through_json
    Clanforge.simulate do |service|
      baseline = service.client.baseline(*IMAGE)
      again = Clanforge::Baseline.from_json(baseline.to_json)
      assert_equal [*IMAGE, baseline.status], [again.account_service_id, again.image_id, again.status]
    end
  end
end
