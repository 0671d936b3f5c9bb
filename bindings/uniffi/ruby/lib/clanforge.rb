# frozen_string_literal: true

require "io/wait"
require "json"

# Tells whether a game image has reached the machines of a fleet on Multiplay Clanforge, and waits until it has.
module Clanforge
  VERSION = "0.1.0"

  # The library that the native half loads.
  # @api private
  LIBRARY = begin
    name = { "darwin" => "libclanforge_uniffi.dylib", "mingw" => "clanforge_uniffi.dll" }
           .find { |system, _| RUBY_PLATFORM.include?(system) }&.last || "libclanforge_uniffi.so"
    File.join(__dir__, "clanforge", name)
  end
  unless File.exist?(LIBRARY)
    raise LoadError, "#{LIBRARY} is missing: `cargo xtask uniffi` builds it in a checkout, and a gem has it for its platform"
  end
end

require_relative "clanforge/native"
require_relative "clanforge/errors"
require_relative "clanforge/models"
require_relative "clanforge/gate"
require_relative "clanforge/waiting"
require_relative "clanforge/client"
require_relative "clanforge/simulation"
