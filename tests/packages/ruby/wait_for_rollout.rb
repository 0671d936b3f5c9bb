# frozen_string_literal: true

# The script of a user who has installed the gem.
require "clanforge"

Clanforge.simulate(speed: 600) do |service|
  client = service.client
  baseline = client.baseline(1234, 5678)
  puts client.wait(1234, 5678, baseline: baseline, min_interval: 0.02, max_interval: 0.2, settle: 0).raise_unless_ready.kind
end
puts $LOADED_FEATURES.find { |path| path.end_with?("/clanforge.rb") }
