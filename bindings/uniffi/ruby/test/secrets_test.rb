# frozen_string_literal: true

require "json"
require "minitest/autorun"
require "open3"
require "yaml"
require_relative "../lib/clanforge"

# Canaries: credentials that must not appear anywhere, even if a service repeats them.
class SecretsTest < Minitest::Test
  IMAGE = [1234, 5678].freeze
  KEYS = { access_key: "canary-key-1f2e3d", secret_key: "canary-secret-4c5b6a" }.freeze
  KINDS = [KEYS, { **KEYS, auth_scheme: "sigv4" }, { token: "canary-token-7a8b9c" }].freeze
  ENCODED = ["canary-"].pack("m0")[0, 8]
  PROGRAM = File.join(ENV.fetch("CARGO_TARGET_DIR", File.expand_path("../../../../target", __dir__)), "debug/clanforge-test-faults")

  def assert_clean(*texts)
    texts.each do |text|
      refute_match(/canary/i, text)
      refute_includes text, ENCODED
      refute_includes text.gsub("Signature=[redacted]", ""), "Signature="
    end
  end

  def assert_error_is_clean(error)
    assert_kind_of Clanforge::Error, error
    copy = Marshal.load(Marshal.dump(error))
    [error, copy].each do |each|
      fields = each.instance_variables.map { |name| each.instance_variable_get(name).inspect }
      assert_clean(each.message, each.inspect, each.full_message(highlight: false), each.to_s, *fields)
    end
    assert_clean(Marshal.dump(error).force_encoding("BINARY"))
  end

  # Yields the addresses of services that repeat the credentials of a request in every part of their response.
  def with_echoes
    Open3.popen2(PROGRAM, "echoes") do |stdin, stdout, program|
      echoes = JSON.parse(stdout.gets)
      assert_operator echoes["urls"].size, :>, 60
      yield echoes["urls"]
      refute File.exist?(echoes["followed"]), "credentials were sent to another origin"
      stdin.close
      assert program.value.success?
    end
  end

  def test_errors_of_calls_hold_no_secret
    with_echoes do |urls|
      KINDS.product(urls).each do |settings, url|
        client = Clanforge::Client.new(**settings, base_url: url, retries: 0)
        assert_error_is_clean(assert_raises(Clanforge::Error) { client.image_status(*IMAGE) })
      end
    end
  end

  def test_updates_of_a_wait_hold_no_secret
    seen = 0
    with_echoes do |urls|
      KINDS.product(urls.each_slice(5).map(&:first)).each do |settings, url|
        client = Clanforge::Client.new(**settings, base_url: url)
        client.wait(*IMAGE, timeout: 0.1, min_interval: 0.02, max_interval: 0.05) do |update|
          assert_clean(update.inspect, update.to_s)
          seen += 1
        end
      rescue Clanforge::Error => error
        assert_error_is_clean(error)
      end
    end
    assert_operator seen, :>, 10
  end

  def test_a_client_does_not_show_or_serialize_its_secrets
    KINDS.each do |settings|
      client = Clanforge::Client.new(**settings, proxy: "http://canary:canary@proxy.example")
      assert_clean(client.inspect, client.to_s, "#{client}")
      [-> { Marshal.dump(client) }, -> { YAML.dump(client) }].each do |serialize|
        assert_clean(assert_raises(TypeError, &serialize).message)
      end
    end
  end

  def test_credentials_are_not_sent_over_a_network_in_clear_text
    KINDS.product(["http://service.example", "http://192.0.2.1:8080"]).each do |settings, url|
      error = assert_raises(Clanforge::ConfigurationError) { Clanforge::Client.new(**settings, base_url: url) }
      assert_match(/cross the network in clear text/, error.message)
      assert_error_is_clean(error)
    end
  end

  def test_keys_sign_requests_with_the_auth_scheme_sigv4
    Clanforge.simulate do |service|
      client = service.client(auth_scheme: "sigv4")
      assert_equal 54, client.image_status(*IMAGE).total_machines
    end
  end
end
