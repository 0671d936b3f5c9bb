//! The service's own errors: the older API's envelope, and other error bodies.

use serde_json::Value;

use super::error::ApiError;
use super::fields::from_object;
use super::without_byte_order_mark;

impl ApiError {
    /// Returns the error that a body holds in the older API's envelope of `success`, `error`, `error_code` and
    /// `error_message`; `None` if it holds none.
    pub fn from_envelope(body: &[u8]) -> Option<Self> {
        let mut deserializer = serde_json::Deserializer::from_slice(without_byte_order_mark(body));
        let envelope: Envelope = from_object(&mut deserializer).ok()?;
        deserializer.end().ok()?;
        envelope.refusal(false)
    }

    /// Returns the error that the body of an unsuccessful response holds in any shape: the older API's envelope, or an
    /// object with a text under `message`, `detail`, `title` or `error`. The error bodies of this endpoint are not
    /// documented.
    pub fn from_error_body(body: &[u8]) -> Option<Self> {
        if let Some(refusal) = Self::from_envelope(body) {
            return Some(refusal);
        }
        let Value::Object(fields) = serde_json::from_slice(without_byte_order_mark(body)).ok()? else { return None };
        let text = |name: &str| fields.get(name).and_then(Value::as_str).filter(|text| !text.trim().is_empty());
        let message = ["error_message", "message", "detail", "title", "error"].into_iter().find_map(text)?;
        let code = fields.get("error_code").or_else(|| fields.get("code")).and_then(scalar_text);
        Some(Self::new(code, message))
    }
}

/// The older API's envelope around errors, which it also sends with HTTP 200.
#[derive(serde::Deserialize)]
pub(super) struct Envelope {
    pub(super) success: Option<Value>,
    pub(super) error: Option<Value>,
    pub(super) error_code: Option<Value>,
    pub(super) error_message: Option<Value>,
}

impl Envelope {
    /// Returns the error if the envelope reports one: by a flag, by a code with a message, or by a message without
    /// counts.
    pub(super) fn refusal(&self, has_counts: bool) -> Option<ApiError> {
        let nested = |name: &str| self.error.as_ref().and_then(|error| error.get(name));
        let texts = [self.error_message.as_ref(), nested("message"), self.error.as_ref()];
        let message = texts.into_iter().flatten().filter_map(Value::as_str).find(|text| !text.trim().is_empty());
        let code = self.error_code.as_ref().or(nested("code"));
        let is_flagged = self.error.as_ref().is_some_and(is_truthy)
            || self.success.as_ref().is_some_and(|success| !is_success(success));
        let has_message = self.error_message.is_some() && message.is_some();
        let is_refused = is_flagged || (has_message && (!has_counts || code.is_some_and(is_truthy)));
        is_refused.then(|| ApiError::new(code.and_then(scalar_text), message.unwrap_or("no message given")))
    }
}

/// Accepts only values that clearly mean success: any other may mean the opposite.
fn is_success(value: &Value) -> bool {
    match value {
        Value::Bool(flag) => *flag,
        Value::Number(number) => number.as_f64() == Some(1.0),
        Value::String(text) => matches!(text.trim(), "1" | "true"),
        Value::Null | Value::Array(_) | Value::Object(_) => false,
    }
}

/// Reads the loosely typed flags of the older API by their meaning: `"false"`, `"0"`, `""`, `0` and `null` are false.
fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(flag) => *flag,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !matches!(text.trim(), "" | "0" | "false"),
        Value::Array(items) => !items.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
    }
}

fn scalar_text(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) | Value::String(_) => None,
    }
}
