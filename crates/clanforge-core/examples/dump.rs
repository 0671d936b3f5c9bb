fn main(){ for (n,v) in clanforge_core::schema::documents(){ std::fs::write(format!("crates/clanforge/schemas/{n}.json"), serde_json::to_string_pretty(&v).unwrap()).unwrap(); } }
