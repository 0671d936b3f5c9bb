# frozen_string_literal: true

Gem::Specification.new do |gem|
  gem.name = "clanforge"
  gem.version = "0.1.0"
  gem.summary = "Checks whether a game image has reached the machines of a fleet on Multiplay Clanforge, and waits until it has"
  gem.homepage = "https://github.com/clanforge/clanforge"
  gem.authors = ["The clanforge authors"]
  gem.licenses = ["MIT", "Apache-2.0"]
  gem.required_ruby_version = ">= 3.1"
  gem.platform = Gem::Platform::CURRENT
  # `cargo xtask uniffi` writes the generated code and the native library there.
  gem.files = Dir["lib/**/*", "README.md"]
  gem.add_dependency "ffi", "~> 1.15"
end
