# frozen_string_literal: true

require "ffi"
require "forwardable"
require "io/wait"
require "json"

# Checks whether a game image has reached the machines of a fleet on Multiplay Clanforge, and waits until it has.
module Clanforge
  VERSION = "0.1.0"

  # The path of the native library.
  # @api private
  LIBRARY = File.join(__dir__, "clanforge", FFI.map_library_name("clanforge_uniffi"))
  unless File.exist?(LIBRARY)
    raise LoadError, "could not find #{LIBRARY}: run `cargo xtask uniffi` in a checkout, or install the gem for this platform"
  end
end

require_relative "clanforge/native"
require_relative "clanforge/record"
require_relative "clanforge/generated"
require_relative "clanforge/errors"
require_relative "clanforge/models"
require_relative "clanforge/gate"
require_relative "clanforge/waiting"
require_relative "clanforge/client"
require_relative "clanforge/simulation"
