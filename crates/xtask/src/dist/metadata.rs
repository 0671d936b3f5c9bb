//! The packages of all languages say the same about the project as `[workspace.package]` in Cargo.toml.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;

use crate::dist::packages::CRATES;

#[derive(Deserialize)]
struct Package {
    version: String,
    description: String,
    license: String,
    keywords: Vec<String>,
    repository: String,
    homepage: String,
    documentation: String,
}

fn read(file: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    fs::read_to_string(root.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn toml(file: &str) -> Value {
    toml::from_str(&read(file)).unwrap()
}

fn package() -> Package {
    serde_json::from_value(toml("Cargo.toml")["workspace"]["package"].clone()).unwrap()
}

#[test]
fn the_python_package_has_the_metadata_of_the_workspace() {
    let (package, project) = (package(), &toml("python/pyproject.toml")["project"]);
    assert_eq!(project["description"], package.description);
    assert_eq!(project["license"], package.license);
    assert_eq!(project["keywords"], Value::from(package.keywords));
    assert_eq!(project["dynamic"], Value::from(vec!["version"]), "maturin reads the version from Cargo.toml");
    let urls = &project["urls"];
    assert_eq!(urls["Homepage"], package.homepage);
    assert_eq!(urls["Documentation"], package.documentation);
    assert_eq!(urls["Repository"], package.repository);
    assert_eq!(urls["Issues"], format!("{}/issues", package.repository));
    assert_eq!(urls["Changelog"], format!("{}/blob/main/CHANGELOG.md", package.repository));
}

#[test]
fn the_npm_package_has_the_metadata_of_the_workspace() {
    let (package, manifest) = (package(), serde_json::from_str::<Value>(&read("node/package.json")).unwrap());
    assert_eq!(manifest["version"], package.version);
    assert_eq!(manifest["description"], package.description);
    assert_eq!(manifest["license"], package.license);
    assert_eq!(manifest["keywords"], Value::from(package.keywords));
    assert_eq!(manifest["homepage"], package.homepage);
    assert_eq!(manifest["bugs"], format!("{}/issues", package.repository));
    assert_eq!(manifest["repository"]["url"], format!("git+{}.git", package.repository));
    let version = format!("export const version = '{}';", package.version);
    assert!(read("node/src/native.ts").contains(&version), "node/src/native.ts lacks {version}");
}

#[test]
fn the_packages_of_kotlin_and_ruby_have_the_metadata_of_the_workspace() {
    let Package { version, description, homepage, .. } = package();
    let pom = read("bindings/uniffi/kotlin/pom.xml");
    for element in [
        format!("<version>{version}</version>\n  <name>clanforge"),
        format!("<description>{description}<"),
        format!("<url>{homepage}<"),
    ] {
        assert!(pom.contains(&element), "pom.xml lacks {element}");
    }
    let gem = read("bindings/uniffi/ruby/clanforge.gemspec");
    for line in [
        format!("gem.version = \"{version}\""),
        format!("gem.summary = \"{description}\""),
        format!("gem.homepage = \"{homepage}\""),
    ] {
        assert!(gem.contains(&line), "clanforge.gemspec lacks {line}");
    }
}

#[test]
fn the_published_crates_inherit_the_metadata_of_the_workspace() {
    for name in ["clanforge-core", "clanforge", "clanforge-simulator", "clanforge-cli"] {
        let manifest = toml(&format!("crates/{name}/Cargo.toml"));
        let inherited =
            ["version", "license", "repository", "homepage", "documentation", "readme", "keywords", "categories"];
        for field in inherited {
            assert_eq!(manifest["package"][field]["workspace"], true, "{name}: {field}");
        }
    }
}

#[test]
fn every_package_has_both_licences() {
    let folders = ["python", "node", "crates/clanforge-core", "crates/clanforge", "crates/clanforge-simulator"];
    for folder in folders.into_iter().chain(["crates/clanforge-cli"]) {
        for licence in ["LICENSE-APACHE", "LICENSE-MIT"] {
            assert_eq!(read(&format!("{folder}/{licence}")), read(licence), "{folder}/{licence}");
        }
    }
}

#[test]
fn the_readmes_on_registries_have_no_relative_links() {
    for file in ["README.md", "python/README.md", "node/README.md"] {
        let text = read(file);
        let links = text.match_indices("](").map(|(at, _)| &text[at + 2..]);
        let relative: Vec<_> = links
            .filter(|link| !link.starts_with("https://") && !link.starts_with('#'))
            .filter_map(|link| link.split(')').next())
            .collect();
        assert!(relative.is_empty(), "{file}: {relative:?}");
    }
}

#[test]
fn links_to_the_repository_lead_to_a_file_in_it() {
    let Package { repository, .. } = package();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let pages = crate::pages::pages(&root).unwrap();
    let pages = pages.iter().map(|page| page.strip_prefix(&root).unwrap().to_str().unwrap());
    for file in pages.chain(["python/pyproject.toml", ".github/ISSUE_TEMPLATE/config.yml"]) {
        let text = read(file);
        for kind in ["blob", "tree"] {
            let start = format!("{repository}/{kind}/main/");
            for (at, _) in text.match_indices(&start) {
                let rest = &text[at + start.len()..];
                let path = rest.split([')', '"', '#', '\n', ' ']).next().unwrap_or_default();
                let found: PathBuf = root.join(path);
                assert!(found.exists(), "{file}: there is no {path}");
            }
        }
    }
}

#[test]
fn the_release_workflow_publishes_every_crate() {
    let list = format!("for crate in {}; do\n", CRATES.join(" "));
    assert!(read(".github/workflows/release.yml").contains(&list), "release.yml lacks {list}");
}

#[test]
fn the_recipes_use_this_release() {
    let Package { version, .. } = package();
    for (file, line) in [
        ("docs/recipes/github.yml", format!("uses: clanforge/clanforge@v{version}\n")),
        ("docs/recipes/gitlab.yml", format!("clanforge/clanforge/rollout@{version}\n")),
        ("templates/rollout.yml", format!("${{INPUT_VERSION:-{version}}}")),
        ("tests/pipelines/github/modes.yml", format!("uses: clanforge/clanforge@v{version}\n")),
    ] {
        assert!(read(file).contains(&line), "{file} lacks {line}");
    }
}

#[test]
fn every_action_of_the_workflows_is_pinned_by_commit() {
    for name in ["ci", "release", "tests"] {
        let text = read(&format!(".github/workflows/{name}.yml"));
        for line in text.lines().filter(|line| line.contains("uses: ") && !line.contains("uses: ./")) {
            let commit = line.split('@').nth(1).and_then(|rest| rest.split(' ').next()).unwrap_or_default();
            assert!(commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit()), "{name}: {line}");
        }
    }
}
