# frozen_string_literal: true

module Clanforge
  # The base class of all errors. Its message states what happened, to what, why and what to do, in one line without secrets.
  class Error < StandardError
    # @return [Symbol] the kind of error, such as +:not_found+: the same word in every language
    attr_reader :kind
    # @return [Integer, nil] the HTTP status of the last response
    attr_reader :status
    # @return [String, nil] the request ID of the last response; the support of the service asks for it
    attr_reader :request_id
    # @return [Integer] the number of requests sent
    attr_reader :attempts
    # @return [Float] the duration of the call, in seconds
    attr_reader :elapsed
    # @return [Float, nil] how long the service asked the client to wait, in seconds
    attr_reader :retry_after
    # @return [String, nil] the error code of the response body
    attr_reader :api_code
    # @return [String, nil] the error message of the response body
    attr_reader :api_message
    # @return [String, nil] the JSONPath of the invalid value in the response body
    attr_reader :json_path
    # @return [Array<String>] the technical details of the cause, the nearest first
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

  # An argument or setting is invalid. No request was sent.
  class ConfigurationError < Error; end
  # The service rejected the credentials (401).
  class AuthenticationError < Error; end
  # The service denied the request (403). It also does so for unknown credentials.
  class PermissionDeniedError < Error; end
  # The image or account service does not exist (404).
  class NotFoundError < Error; end
  # There were too many requests (429); see {#retry_after}.
  class RateLimitedError < Error; end
  # The service returned a server error (5xx).
  class ServerError < Error; end
  # The response body is an error of the service, whatever the HTTP status.
  class ApiError < Error; end
  # The service returned a redirect (3xx), which the client does not follow.
  class RedirectError < Error; end
  # The connection to the service failed.
  class ConnectionError < Error; end
  # An attempt or the call exceeded its timeout, or the service returned 408.
  class TimeoutError < Error; end
  # The response is not an image status; see {#json_path}.
  class DecodeError < Error; end
  # A bug in this library.
  class InternalError < Error; end

  # A wait ended without being ready.
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

  # Calls the native library, and raises its errors as errors of this library.
  # @api private
  def self.call_native
    yield
  rescue StandardError => e
    error_class, kind = ERRORS[e.class]
    raise unless error_class

    raise error_class.new(e.reason, e.fields, kind: kind), cause: nil
  rescue RangeError, TypeError => e
    raise ConfigurationError.new(e.message, kind: :configuration), cause: nil
  end

  # Returns the symbol of an enum value of the native library.
  # @api private
  def self.symbol(enum, value)
    enum.constants.find { |name| enum.const_get(name) == value }.downcase
  end
end
