# frozen_string_literal: true

module Clanforge
  # An object that converts to the JSON of the command.
  module Record
    # @return [Hash] the object as a Hash of plain values, with the names of the JSON
    def as_json(*) = JSON.parse(to_json)
  end

  # A class over an immutable object of the native library. Objects are equal if their JSON is equal.
  # @api private
  class Handle
    attr_reader :native

    def self.of(native) = allocate.tap { |handle| handle.instance_variable_set(:@native, native) }.freeze

    def to_json(*) = native.to_json

    def ==(other) = other.class == self.class && to_json == other.to_json
    alias eql? ==

    def hash = to_json.hash
  end

  # Options that the native library has checked. Each has a default.
  class Options < Handle
    # @!method to_json
    #   @return [String] every option in JSON, durations in seconds

    # @api private
    def initialize(fields)
      @native = self.class.read(JSON.generate(fields))
      freeze
    end

    # @param text [String] JSON from {#to_json} or the command; an option that is absent has its default
    # @raise [ConfigurationError] if an option is unknown or invalid; the message names it
    def self.from_json(text) = of(read(text))

    def inspect = "#<#{self.class} #{to_json}>"
  end

  # Checks the values of options, so that an error names the option, its value and what is expected.
  # @api private
  module Take
    MAX_SECONDS = 1_000_000_000

    module_function

    def fail(name, value, expected)
      raise ConfigurationError, "invalid `#{name}` #{value.inspect}: expected #{expected}"
    end

    def text(name, value) = value.is_a?(String) ? value : fail(name, value, "a String")

    def path(name, value) = value.respond_to?(:to_path) ? value.to_path : text(name, value)

    # The error does not show the value, which may be a secret.
    def secret(name, value) = value.is_a?(String) ? value : raise(ConfigurationError, "invalid `#{name}`: expected a String")

    def integer(name, value, range)
      value.is_a?(Integer) && range.cover?(value) ? value : fail(name, value, "an Integer from #{range.min} to #{range.max}")
    end

    def seconds(name, value)
      valid = value.is_a?(Numeric) && value.real? && value >= 0 && value <= MAX_SECONDS
      valid ? value.to_f : fail(name, value, "a number of seconds from 0 to #{MAX_SECONDS}")
    end

    def boolean(name, value) = [true, false].include?(value) ? value : fail(name, value, "true or false")

    def word(name, value, words)
      words.find { |word| word == value.to_s } || fail(name, value, words.map { |word| ":#{word}" }.join(", "))
    end

    def limit(name, value) = value.is_a?(Integer) ? integer(name, value, 0..(2**64 - 1)) : text(name, value)

    def set(name, value)
      valid = value.respond_to?(:to_a) && value.to_a.all?(String)
      valid ? value.to_a : fail(name, value, "an Array of Strings")
    end

    def options(name, value, type)
      value = type.new(**value.to_h) if value.nil? || value.is_a?(Hash)
      value.is_a?(type) ? JSON.parse(value.to_json) : fail(name, value, "a #{type} or a Hash of its options")
    end
  end
end
