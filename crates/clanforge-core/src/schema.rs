//! JSON Schema (2020-12) of the documents that the project writes.
//!
//! Types whose serde implementation is derived derive their schema too. Types with a serde implementation written by hand
//! have a schema written by hand here; property tests compare the two.

use std::borrow::Cow;

use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Value, json};

use crate::documents::{
    CheckDocument, CombinedDocument, CombinedPendingDocument, FailureDocument, PendingDocument, RolloutDocument,
    StatusDocument,
};
use crate::error_report::ErrorReport;
use crate::gate::{Gate, Limit, Percentage, Verdict};
use crate::monitor::{Baseline, CombinedOutcome, Outcome, Policy, Snapshot, Update};
use crate::recording::{RecordedUpdate, RecordingHeader};
use crate::status::{FleetStatus, ImageStatus, MachineCounts, Readiness, RegionRow, RegionStatus, Summary};
use crate::version::{NUMBER, Version};

/// Returns the schema of each document of this crate, by its name.
pub fn documents() -> Vec<(&'static str, String)> {
    vec![
        ("baseline", document::<Baseline>()),
        ("check", document::<CheckDocument<'_>>()),
        ("combined-check", document::<CombinedDocument<CheckDocument<'_>>>()),
        ("combined-outcome", document::<CombinedOutcome>()),
        ("combined-pending", document::<CombinedPendingDocument<'_>>()),
        ("combined-status", document::<CombinedDocument<StatusDocument<'_>>>()),
        ("error", document::<ErrorReport>()),
        ("failure", document::<FailureDocument<'_>>()),
        ("gate", document::<Gate>()),
        ("image-status", document::<ImageStatus>()),
        ("outcome", document::<Outcome>()),
        ("pending", document::<PendingDocument<'_>>()),
        ("policy", document::<Policy>()),
        ("recording", document::<RecordingLine>()),
        ("rollout", document::<RolloutDocument>()),
        ("snapshot", document::<Snapshot>()),
        ("status", document::<StatusDocument<'_>>()),
        ("update", document::<Update>()),
        ("verdict", document::<Verdict>()),
    ]
}

/// Returns the schema of one document: what is written, with descriptions for readers of any language.
pub fn document<T: JsonSchema>() -> String {
    text::<T>(SchemaSettings::draft2020_12().for_serialize())
}

/// Returns the schema of one document that is only read.
pub fn input<T: JsonSchema>() -> String {
    text::<T>(SchemaSettings::draft2020_12())
}

fn text<T: JsonSchema>(settings: SchemaSettings) -> String {
    let settings = settings.with_transform(Readable);
    let schema = settings.into_generator().into_root_schema_for::<T>().to_value();
    format!("{schema:#}\n")
}

/// A line of a recording.
#[derive(JsonSchema)]
#[schemars(untagged, extend("x-handle" = true))]
#[allow(dead_code)] // Only its schema is used.
enum RecordingLine {
    /// The header of a wait.
    Header(Box<RecordingHeader>),
    /// An update of the wait.
    Update(Box<RecordedUpdate<'static>>),
    /// How a wait for several images ended.
    Combined(Box<CombinedOutcome>),
}

/// Turns Rust's documentation into plain descriptions, and Rust's number formats into bounds.
#[derive(Clone)]
struct Readable;

impl Transform for Readable {
    fn transform(&mut self, schema: &mut Schema) {
        transform_subschemas(self, schema);
        if let Some(Value::String(text)) = schema.get_mut("description") {
            *text = plain(text);
        }
        if let Some(Value::String(format)) = schema.get("format").cloned() {
            let maximum = match format.as_str() {
                "uint8" => json!(u8::MAX),
                "uint16" => json!(u16::MAX),
                "uint32" => json!(u32::MAX),
                "uint" | "uint64" => json!(u64::MAX),
                // Signed numbers need no bounds, and other formats are for readers.
                _ => return,
            };
            schema.remove("format");
            schema.insert("maximum".to_owned(), maximum);
        }
    }
}

/// Returns a transform that describes one property in every variant of a type: those that serde adds have no documentation.
pub(crate) fn describe(property: &str, description: &str) -> impl FnMut(&mut Schema) {
    let path = format!("/properties/{property}");
    move |schema| {
        let variants = schema.get_mut("oneOf").and_then(Value::as_array_mut).into_iter().flatten();
        for property in variants.filter_map(|variant| variant.pointer_mut(&path)) {
            property["description"] = description.into();
        }
    }
}

/// Returns documentation as one line per paragraph, without links, and without what only readers of Rust need: examples,
/// what the JSON looks like, and why an enum is exhaustive.
fn plain(text: &str) -> String {
    let is_general = |paragraph: &&str| {
        !["```", "# ", "As JSON", "Exhaustive on purpose"].iter().any(|start| paragraph.starts_with(start))
    };
    let paragraphs = text.split("\n\n").map(str::trim).take_while(is_general);
    let paragraphs = paragraphs.map(|paragraph| paragraph.split_whitespace().collect::<Vec<_>>().join(" "));
    // The command writes `none` where JSON has null.
    let text = paragraphs.collect::<Vec<_>>().join("\n\n").replace("; `none` means", "; null means");
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(start) = rest.find("[`") {
        let (before, link) = rest.split_at(start);
        plain.push_str(before);
        let Some(end) = link.find("`]") else { break };
        plain.push_str(&link[1..=end]);
        rest = &link[end + 2..];
        if let Some(target) = rest.strip_prefix('(') {
            rest = target.split_once(')').map_or("", |(_, rest)| rest);
        }
    }
    plain.push_str(rest);
    plain
}

/// A percentage from 0 to 100 with at most four decimals.
const PERCENTAGE: &str = r"^(100(\.0{1,4})?|[0-9]{1,2}(\.[0-9]{1,4})?)%$";

impl JsonSchema for Percentage {
    fn schema_name() -> Cow<'static, str> {
        "Percentage".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A percentage from `0%` to `100%`, with at most four decimals.",
            "type": "string",
            "pattern": PERCENTAGE,
        })
    }
}

impl JsonSchema for Limit {
    fn schema_name() -> Cow<'static, str> {
        "Limit".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A number of machines, or a percentage of the scope's machines such as `5%`, rounded down.",
            "anyOf": [
                {"type": "integer", "minimum": 0, "maximum": u64::MAX},
                {"type": "string", "pattern": PERCENTAGE},
            ],
        })
    }
}

/// Returns the schema of an object that has further properties, of which some are `required`, and the three counts.
fn counted(generator: &mut SchemaGenerator, description: &str, further: &Value, required: &[&str]) -> Schema {
    let counts = MachineCounts::json_schema(generator).to_value();
    let mut properties = counts["properties"].as_object().cloned().unwrap_or_default();
    properties.extend(further.as_object().cloned().unwrap_or_default());
    let counts = counts["required"].as_array().into_iter().flatten().cloned();
    let required: Vec<_> = required.iter().map(|name| json!(name)).chain(counts).collect();
    json_schema!({"description": description, "type": "object", "properties": properties, "required": required})
}

impl JsonSchema for ImageStatus {
    fn schema_name() -> Cow<'static, str> {
        "ImageStatus".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let fleet = generator.subschema_for::<FleetStatus>();
        let fleets = json!({"fleets": {
            "description": "The fleets by their IDs; absent without detail.",
            "type": "object",
            "additionalProperties": fleet,
        }});
        let description = "The status of an image, in the shape of the service's own response.";
        let mut schema = counted(generator, description, &fleets, &[]);
        schema.insert("x-handle".to_owned(), true.into());
        schema
    }
}

impl JsonSchema for FleetStatus {
    fn schema_name() -> Cow<'static, str> {
        "FleetStatus".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let region = generator.subschema_for::<RegionStatus>();
        let regions = json!({"regions": {
            "description": "The regions by their IDs.",
            "type": "object",
            "additionalProperties": region,
        }});
        counted(generator, "One fleet of an image.", &regions, &["regions"])
    }
}

impl JsonSchema for RegionStatus {
    fn schema_name() -> Cow<'static, str> {
        "RegionStatus".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let name = json!({"name": {
            "description": "The region's display name; two regions may share one.",
            "type": "string",
        }});
        counted(generator, "One region of a fleet.", &name, &["name"])
    }
}

impl JsonSchema for RegionRow<'_> {
    fn schema_name() -> Cow<'static, str> {
        "RegionRow".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let further = json!({
            "fleet_id": {"description": "The fleet's ID.", "type": "string"},
            "region_id": {"description": "The region's ID.", "type": "string"},
            "name": {"description": "The region's display name; two regions may share one.", "type": "string"},
        });
        let required = ["fleet_id", "region_id", "name"];
        counted(generator, "One region of one fleet as a flat row.", &further, &required)
    }
}

impl JsonSchema for Summary<'_> {
    fn schema_name() -> Cow<'static, str> {
        "Summary".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let readiness = generator.subschema_for::<Readiness>();
        let rows = generator.subschema_for::<Option<Vec<RegionRow<'_>>>>();
        let described = |mut schema: Value, text: &str| {
            schema["description"] = text.into();
            schema
        };
        json_schema!({
            "description": "What the counts of a status say.",
            "type": "object",
            "properties": {
                "readiness": described(readiness.to_value(), "What the counts alone say."),
                "is_ready": {
                    "description": "Whether there are machines and all of them are completed. Only a wait can tell whether this is the new version.",
                    "type": "boolean",
                },
                "total_machines": {
                    "description": "The number of all machines.",
                    "type": "integer", "minimum": 0, "maximum": u64::MAX,
                },
                "percent_complete": {
                    "description": "The share of completed machines in percent: 100 only if all are completed; null if there are no machines.",
                    "type": ["number", "null"], "minimum": 0, "maximum": 100,
                },
                "failed_regions": described(
                    rows.clone().to_value(),
                    "The regions with failed machines, most failed first; null without detail.",
                ),
                "pending_regions": described(
                    rows.to_value(),
                    "The regions with pending machines, most pending first; null without detail.",
                ),
            },
            "required": [
                "readiness", "is_ready", "total_machines", "percent_complete", "failed_regions", "pending_regions",
            ],
        })
    }
}

impl JsonSchema for Version {
    fn schema_name() -> Cow<'static, str> {
        "Version".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"description": "The version of this format.", "const": NUMBER})
    }
}
