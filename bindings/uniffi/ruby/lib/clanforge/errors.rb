# frozen_string_literal: true

module Clanforge
  # The base of all that this library raises. Its message states the cause in one line, and holds neither a key nor a
  # query.
  class Error < StandardError
    # @return [Symbol] what kind of thing went wrong, such as +:not_found+: the same word in every language
    attr_reader :kind
    # @return [Integer, nil] the HTTP status of the last answer
    attr_reader :status
    # @return [String, nil] the service's id of the last request: what its support asks for
    attr_reader :request_id
    # @return [Integer] how many requests were sent
    attr_reader :attempts
    # @return [Float] how long the call took, in seconds
    attr_reader :elapsed
    # @return [Float, nil] how long the service asked to wait, in seconds
    attr_reader :retry_after
    # @return [String, nil] the service's own code of the error
    attr_reader :api_code
    # @return [String, nil] the service's own words
    attr_reader :api_message
    # @return [String, nil] where in the answer the mistake is, as JSONPath
    attr_reader :json_path
    # @return [Array<String>] the technical details below the message, the nearest first
    attr_reader :causes

    def initialize(message = nil, fields = nil, kind: :internal)
      super(message)
      @kind = kind
      @attempts = fields&.attempts || 0
      @elapsed = fields&.elapsed_seconds || 0.0
      @causes = (fields&.causes || []).freeze
      @status = fields&.status
      @request_id = fields&.request_id
      @retry_after = fields&.retry_after_seconds
      @api_code = fields&.api_code
      @api_message = fields&.api_message
      @json_path = fields&.json_path
    end
  end

  # The client or the call is set up wrongly; nothing was sent.
  class ConfigurationError < Error; end
  # The service does not accept the credentials (401).
  class AuthenticationError < Error; end
  # The service forbids the call (403), as it does for credentials that it does not know as well.
  class PermissionDeniedError < Error; end
  # The service has no such image or account service (404).
  class NotFoundError < Error; end
  # The service asks for fewer calls (429); see {#retry_after}.
  class RateLimitedError < Error; end
  # The service failed (5xx).
  class ServerError < Error; end
  # The service said no in its own words, whatever the HTTP status.
  class ApiError < Error; end
  # The service sent the client elsewhere (3xx), where credentials must not follow.
  class RedirectError < Error; end
  # The service could not be reached, or the connection broke.
  class ConnectionError < Error; end
  # An attempt or the whole call took longer than allowed, or the service gave up waiting (408).
  class TimeoutError < Error; end
  # The answer is no image status; see {#json_path}.
  class DecodeError < Error; end
  # A defect of this library.
  class InternalError < Error; end

  # A wait did not end as ready.
  class NotReadyError < Error
    # @return [Outcome] how it ended
    attr_reader :outcome

    def initialize(outcome)
      super(outcome.reason, kind: :not_ready)
      @outcome = outcome
    end
  end

  # @api private
  ERRORS = Native::ClanforgeError.constants.to_h do |name|
    kind = name.to_s.gsub(/(?<=[a-z])(?=[A-Z])/, "_").downcase.to_sym
    [Native::ClanforgeError.const_get(name), [const_defined?("#{name}Error", false) ? const_get("#{name}Error") : Error, kind]]
  end.freeze

  # Runs what calls the native half, and raises what goes wrong there as an error of this library.
  # @api private
  def self.guarded
    yield
  rescue StandardError => e
    found, kind = ERRORS[e.class]
    raise unless found

    raise found.new(e.reason, e.fields, kind: kind), cause: nil
  rescue RangeError, TypeError => e
    raise ConfigurationError.new(e.message, kind: :configuration), cause: nil
  end

  # Returns the symbol of a value of an enum of the native half.
  # @api private
  def self.symbol(enum, value)
    enum.constants.find { |name| enum.const_get(name) == value }.downcase
  end
end
