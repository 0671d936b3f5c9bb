# frozen_string_literal: true

require "base64"
require "minitest/autorun"
require_relative "../lib/clanforge"

# The shared cases, which have the same result in every language, run through the public API.
class CasesTest < Minitest::Test
  FOLDER = File.expand_path("../../../../tests/cases", __dir__)

  def test_a_recording_has_its_waits_with_their_updates
    waits = Clanforge.read_recording(File.expand_path("../../../../tests/recordings/refusal.jsonl", __dir__))
    wait = waits.fetch(0)
    assert_equal [1, 1234, 5678, nil], [waits.size, wait.account_service_id, wait.image_id, wait.baseline]
    assert_equal [7, :ready, "2026-11-27T03:07:34Z"], [wait.updates.size, wait.updates.last.kind, wait.time]
    assert_raises(Clanforge::ConfigurationError) { Clanforge.read_recording(__FILE__) }
  end
  KINDS = %w[decode summary gate monitor].freeze

  KINDS.each do |kind|
    files = Dir[File.join(FOLDER, kind, "*.json")]
    raise "no cases of kind #{kind}" if files.empty?

    files.each do |file|
      content = JSON.parse(File.read(file))
      raise file unless content["kind"] == kind

      content["cases"].each do |each|
        # No monitor is restored in Ruby.
        next if each["has_started"]

        define_method("test_#{kind} #{File.basename(file, ".json")}: #{each["name"]}") { send(kind, each) }
      end
    end
  end

  def decode(each)
    body = each["body_base64"] ? Base64.decode64(each["body_base64"]) : each["body"]
    expected = each["expect"]
    if expected["status"]
      status = Clanforge::ImageStatus.from_json(body)
      assert_equal expected["status"], status.to_h
      assert_equal status, Clanforge::ImageStatus.from_json(status.to_json)
      assert_equal expected["status"].key?("fleets"), !status.fleets.nil?
    elsif expected["api_error"]
      error = assert_raises(Clanforge::ApiError) { Clanforge::ImageStatus.from_json(body) }
      assert_equal expected["api_error"], { "code" => error.api_code, "message" => error.api_message }
    else
      error = assert_raises(Clanforge::DecodeError) { Clanforge::ImageStatus.from_json(body) }
      assert_equal expected["decode_error"]["path"], error.json_path
      assert_includes_all error.message, expected["decode_error"]["contains"]
    end
  end

  def summary(each)
    status = status_of(each["status"])
    expected = each["expect"]
    assert_equal expected["readiness"], status.readiness.to_s
    assert_equal [expected["is_ready"], expected["total_machines"], expected["percent_text"]],
                 [status.ready?, status.total_machines, status.percent_text]
    assert_near expected["percent_complete"], status.percent_complete, 1e-7
    { "failed_regions" => status.failed_regions, "pending_regions" => status.pending_regions, "regions" => status.regions }
      .each { |name, rows| assert_same_value expected[name], rows&.map { |row| row.to_h.transform_keys(&:to_s) } }
    mismatches = status.mismatches&.map do |mismatch|
      { "fleet_id" => mismatch.fleet_id, "stated" => mismatch.stated.to_h.transform_keys(&:to_s), "summed" => mismatch.summed.to_h.transform_keys(&:to_s) }
    end
    assert_same_value expected["mismatches"], mismatches
    # The counts alone have the same properties.
    assert_equal status.readiness, status.counts.readiness
    assert_same_value status.percent_complete, status.counts.percent_complete
  end

  def gate(each)
    expected = each["expect"]
    return assert_invalid(expected["invalid"]) { Clanforge::Gate.from_json(each["gate"].to_json) } if expected["invalid"]

    gate = Clanforge::Gate.from_json(each["gate"].to_json)
    verdict = gate.evaluate(status_of(each["status"]))
    assert_equal [expected["needs_detail"], expected["ready"], expected["reason"]], [gate.needs_detail?, verdict.ready?, verdict.to_s]
    assert_equal expected["scopes"].size, verdict.scopes.size
    expected["scopes"].zip(verdict.scopes) do |scope, judged|
      assert_equal scope["scope"]["kind"], judged.scope.kind
      assert_same_value scope["scope"]["fleet_id"], judged.scope.fleet_id
      assert_same_value scope["scope"]["region_id"], judged.scope.region_id
      assert_same_value scope["counts"], judged.counts&.to_h&.transform_keys(&:to_s)
      shortfalls = judged.shortfalls.map { |short| { "count" => short.count.to_s, "have" => short.have, "limit" => short.limit, "share" => short.share }.compact }
      assert_equal scope["shortfalls"], shortfalls
      assert_equal scope["ready"], judged.ready?
    end
    assert_equal gate, Clanforge::Gate.from_json(gate.to_json)
  end

  def monitor(each)
    expected = each["expect"]
    return assert_invalid(expected["invalid"]) { monitor_of(each) } if expected["invalid"]

    monitor = monitor_of(each)
    each["readings"].each_with_index do |reading, index|
      step = monitor.observe(reading["at"], reading_of(reading), age: reading["age"] || 0)
      compare_step(reading["expect"] || {}, step)
      next if step.next_reading

      assert_equal each["readings"].size, index + 1, "it ends at #{reading["at"]} s"
      return assert_equal({ "gives_up" => reading["at"] }, expected) if step.outcome.nil?

      return compare_outcome(expected, step.outcome)
    end
    assert_equal({ "goes_on" => true }, expected)
  end

  private

  def monitor_of(each)
    policy = Clanforge::Policy.from_json((each["policy"] || {}).to_json)
    baseline = each["baseline"] && Clanforge::Baseline.new(1234, 5678, status_of(each["baseline"]))
    Clanforge::Monitor.new(1234, 5678, policy: policy, baseline: baseline)
  end

  def reading_of(reading)
    return status_of(reading["counts"] || reading["status"]) unless reading["error"]

    Clanforge::ReadFailure.new(reading["error"].to_sym, "a #{reading["error"]} error", nil, reading["retry_after"]&.to_f, reading["service_message"])
  end

  def status_of(value)
    return Clanforge::ImageStatus.from_json(value.to_json) unless value.is_a?(Array)

    pending, failed, completed = value
    Clanforge::ImageStatus.new(pending_machines: pending, failed_machines: failed, completed_machines: completed)
  end

  def compare_step(expected, step)
    if (least, most = expected["next_between"])
      assert_includes least..most, step.next_reading
    end
    assert_near expected["next"], step.next_reading, 1e-6 if expected.key?("next")
    assert_equal expected["freshness"], step.update.freshness.to_s if expected.key?("freshness")
    assert_equal expected["has_estimate"], !step.update.estimate.nil? if expected.key?("has_estimate")
    %w[inconsistent message warnings].each do |name|
      assert_equal expected[name], step.update.public_send(name) if expected.key?(name)
    end
    assert_equal expected["error"], step.update.error.message if expected.key?("error")
  end

  def compare_outcome(expected, outcome)
    assert_equal expected.values_at("outcome", "freshness", "readings", "errors"),
                 [outcome.kind.to_s, outcome.freshness.to_s, outcome.readings, outcome.errors]
    assert_near expected["at"], outcome.elapsed, 1e-6
    assert_near expected["status_age"], outcome.status_age, 1e-6 if expected.key?("status_age")
    assert_includes_all outcome.reason, expected["reason"]
    assert_equal outcome.ready?, outcome.kind == :ready
    assert_equal [outcome.reason, outcome.kind.to_s], JSON.parse(outcome.to_json).values_at("reason", "outcome")
  end

  def assert_invalid(parts, &block)
    assert_includes_all assert_raises(Clanforge::ConfigurationError, &block).message, parts
  end

  def assert_includes_all(text, parts)
    parts.each { |part| assert_includes text, part }
  end

  def assert_near(expected, actual, within)
    expected.nil? ? assert_nil(actual) : assert_in_delta(expected, actual, within)
  end

  def assert_same_value(expected, actual)
    expected.nil? ? assert_nil(actual) : assert_equal(expected, actual)
  end
end
