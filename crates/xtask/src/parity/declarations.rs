//! The public declarations of sources with braces: Kotlin, Swift and TypeScript.
//!
//! What is looked at begins a line, in no function's body, and says what it is by a keyword; that is how generators and
//! formatters write. Comments and texts are blanked out first.

use std::collections::BTreeSet;

/// The manner of a language.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    /// Public is what does not say otherwise.
    Kotlin,
    /// Public is what says so, and of an enum the cases that carry something.
    Swift,
    /// Public is what is exported, and interfaces, which what is exported may extend; of both what does not say otherwise.
    /// Members have no keyword.
    TypeScript,
}

/// Where Kotlin has what belongs to a type and to none of its values: its functions are the type's.
const COMPANION: &str = "companion";

/// Words that stand in front of a declaration and do not change what it is.
const MODIFIERS: [&str; 18] = [
    "public",
    "open",
    "data",
    "sealed",
    "suspend",
    "override",
    "static",
    "convenience",
    "readonly",
    "export",
    "declare",
    "abstract",
    "async",
    "indirect",
    "get",
    "default",
    "final",
    "enum",
];
const HIDDEN: [&str; 6] = ["private", "internal", "fileprivate", "protected", "set", "import"];

/// Returns the names that a source declares in public, as `Type.member` and, for what a caller may leave out,
/// `Type.function(parameter)`.
pub(crate) fn public(source: &str, manner: Manner) -> BTreeSet<String> {
    let code = blanked(source, manner);
    let mut names = BTreeSet::new();
    let mut owners: Vec<Owner> = Vec::new();
    let (mut depth, mut offset) = (0_usize, 0_usize);
    for line in code.split_inclusive('\n') {
        let begins = depth;
        // The body of a type may begin on a line of its own.
        let goes_on = line.trim().is_empty() || line.trim_start().starts_with(['{', ')']);
        while !goes_on && owners.last().is_some_and(|owner| begins < owner.members) {
            owners.pop();
        }
        let members = owners.last().map_or(0, |owner| owner.members);
        if begins == members
            && let Some(declared) = declaration(line, manner, owners.last())
        {
            let owner = declared.receiver.or_else(|| owners.last().map(|owner| owner.name.clone()));
            let name = owner.map_or_else(|| declared.name.clone(), |owner| format!("{owner}.{}", declared.name));
            if declared.name == COMPANION {
                owners.extend(owners.last().map(|owner| Owner { members: begins + 1, ..owner.clone() }));
                depth = balanced(line, depth);
                offset += line.len();
                continue;
            }
            if declared.is_type {
                let is_protocol = line.contains("protocol ");
                owners.push(Owner { members: begins + 1, name: name.clone(), is_protocol });
            } else if declared.is_function {
                let from = offset + line.find('(').unwrap_or(line.len());
                names.extend(optional(&code[from..]).into_iter().map(|option| format!("{name}({option})")));
            }
            names.insert(name);
        }
        depth = balanced(line, depth);
        offset += line.len();
    }
    names
}

/// A type whose members are read.
#[derive(Clone)]
struct Owner {
    name: String,
    /// How deep its members are.
    members: usize,
    /// What a protocol demands is as public as it is itself.
    is_protocol: bool,
}

fn balanced(line: &str, depth: usize) -> usize {
    line.chars().fold(depth, |depth, letter| match letter {
        '{' | '(' | '[' => depth + 1,
        '}' | ')' | ']' => depth.saturating_sub(1),
        _ => depth,
    })
}

struct Declared {
    name: String,
    /// What an extension function is a function of.
    receiver: Option<String>,
    is_type: bool,
    is_function: bool,
}

fn declaration(line: &str, manner: Manner, owner: Option<&Owner>) -> Option<Declared> {
    let mut rest = line.trim();
    // An annotation may stand on the same line.
    if let Some((_, after)) = rest.strip_prefix("@Throws").and_then(|annotation| annotation.split_once(')')) {
        rest = after.trim_start();
    }
    let (mut modifiers, mut keyword) = (BTreeSet::new(), "");
    while let Some((word, after)) = word(rest) {
        // A member may be called as a modifier is.
        let is_name = manner == Manner::TypeScript && owner.is_some() && after.starts_with(['?', ':', '(']);
        if HIDDEN.contains(&word) && !is_name {
            return None;
        }
        if !MODIFIERS.contains(&word) || is_name {
            keyword = word;
            break;
        }
        modifiers.insert(word);
        rest = after.trim_start();
    }
    let carries = keyword == "case" && rest.contains('(');
    let is_public = match manner {
        Manner::Kotlin => true,
        Manner::Swift => {
            modifiers.contains("public")
                || modifiers.contains("open")
                || carries
                || owner.is_some_and(|owner| owner.is_protocol)
        }
        Manner::TypeScript => owner.is_some() || modifiers.contains("export") || keyword == "interface",
    };
    if !is_public {
        return None;
    }
    let (is_type, is_function) = match keyword {
        "class" | "interface" | "struct" | "protocol" | "object" => (true, false),
        COMPANION => {
            return Some(Declared { name: COMPANION.to_owned(), receiver: None, is_type: false, is_function: false });
        }
        "fun" | "func" | "function" => (false, true),
        "val" | "var" | "let" | "case" | "const" if manner != Manner::TypeScript || owner.is_none() => (false, false),
        "type" if owner.is_none() => (false, false),
        "init" | "constructor" if manner != Manner::TypeScript => {
            return Some(Declared { name: "new".to_owned(), receiver: None, is_type: false, is_function: true });
        }
        // A member without a keyword.
        _ if manner == Manner::TypeScript && owner.is_some() && keyword != "constructor" => {
            let after = &rest[keyword.len()..];
            return after.starts_with(['?', ':', '(', '<']).then(|| Declared {
                name: keyword.to_owned(),
                receiver: None,
                is_type: false,
                is_function: false,
            });
        }
        // An enum without members that declare anything, as Swift has: `public enum Kind {`.
        _ if modifiers.contains("enum") => {
            return Some(Declared { name: keyword.to_owned(), receiver: None, is_type: true, is_function: false });
        }
        _ => return None,
    };
    named(rest[keyword.len()..].trim_start(), is_type, is_function)
}

/// Reads the name of a declaration, and in front of it what it extends.
fn named(rest: &str, is_type: bool, is_function: bool) -> Option<Declared> {
    let (name, after) = word(rest)?;
    let (receiver, name) = match after.strip_prefix('.').and_then(word) {
        Some((member, _)) => (Some(name.to_owned()), member),
        None => (None, name),
    };
    Some(Declared { name: name.to_owned(), receiver, is_type, is_function })
}

/// Returns the parameters with a default of the list that begins a text.
fn optional(text: &str) -> Vec<String> {
    let mut depth = 0_usize;
    let mut parameters = vec![String::new()];
    for letter in text.chars() {
        match letter {
            '(' | '[' | '{' | '<' => depth += 1,
            ')' | ']' | '}' | '>' => depth = depth.saturating_sub(1),
            _ => {}
        }
        match (depth, letter) {
            (0, _) => break,
            (1, '(') => {}
            (1, ',') => parameters.push(String::new()),
            _ => parameters.last_mut().into_iter().for_each(|parameter| parameter.push(letter)),
        }
    }
    let defaulted = parameters.iter().filter(|parameter| parameter.contains('='));
    defaulted.filter_map(|parameter| word(parameter.trim())).map(|(name, _)| name.to_owned()).collect()
}

/// Splits a text after the word that begins it.
fn word(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

/// Returns a source with blanks in the place of comments and texts, and without the quotes of names.
fn blanked(source: &str, manner: Manner) -> String {
    let mut code = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(letter) = rest.chars().next() {
        let comment = [("/*", "*/"), ("//", "\n")].into_iter().find(|(begin, _)| rest.starts_with(begin));
        let length = if let Some((_, end)) = comment {
            rest.find(end).map_or(rest.len(), |at| at + if end == "\n" { 0 } else { end.len() })
        } else if letter == '"' || (letter == '\'' && manner == Manner::TypeScript) {
            quoted(rest, letter)
        } else {
            if letter != '`' {
                code.push(letter);
            }
            rest = &rest[letter.len_utf8()..];
            continue;
        };
        code.extend(rest[..length].chars().filter(|letter| *letter == '\n'));
        rest = &rest[length..];
    }
    // UniFFI writes what is public on a line of its own in front of an enum of errors.
    code.replace("public \n", "public ")
}

/// Returns how long the text is that begins here, with its quotes.
fn quoted(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, letter) in rest.char_indices().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if letter == quote => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(source: &str, manner: Manner) -> Vec<String> {
        public(source, manner).into_iter().collect()
    }

    #[test]
    fn kotlin_declares_types_fields_functions_and_options() {
        let source = r#"
            /** fun `inAComment`() */
            data class Settings (
                /** Says { more. */
                var `accessKey`: kotlin.String? = null
                ,
                var `retries`: kotlin.UInt? = null
            ): Disposable{
                override fun destroy() {
                    val inside = "fun inAText() {"
                }
            }
            private class Hidden { fun never() {} }
            internal fun never() {}
            interface Client {
                suspend fun `wait`(`image`: Ref<A, B>, `detail`: Boolean = false): Outcome
            }
            fun Client.updates(
                image: Ref,
                policy: Policy? = null,
            ): Flow = flow {
                fun inside() {}
            }
            enum class Per { TOTAL, FLEET }
            open class Status {
                companion object {
                    @Throws(Problem::class) fun `fromJson`(`body`: String): Status {
                    }
                }
            }
        "#;
        assert_eq!(
            found(source, Manner::Kotlin),
            [
                "Client",
                "Client.updates",
                "Client.updates(policy)",
                "Client.wait",
                "Client.wait(detail)",
                "Per",
                "Settings",
                "Settings.accessKey",
                "Settings.destroy",
                "Settings.retries",
                "Status",
                "Status.fromJson",
            ]
        );
    }

    #[test]
    fn swift_declares_what_it_calls_public() {
        let source = r#"
            public struct Gate: Equatable {
                public var maxFailed: String
                var hidden: String
                public init(maxFailed: String = "0", per: Per) {
                    self.maxFailed = maxFailed
                }
            }
            open class Client: Protocol {
            open func watch(image: Ref, seed: UInt64? = nil)throws  -> Watch  {
                return try call()
            }
            }
            public enum Per {
                case total
            }
            public enum Problem {
                case NotFound(reason: String)
            }
            func hidden() {}
        "#;
        assert_eq!(
            found(source, Manner::Swift),
            [
                "Client",
                "Client.watch",
                "Client.watch(seed)",
                "Gate",
                "Gate.maxFailed",
                "Gate.new",
                "Gate.new(maxFailed)",
                "Per",
                "Problem",
                "Problem.NotFound",
            ]
        );
    }

    #[test]
    fn typescript_declares_what_it_exports() {
        let source = r"
            export interface Request extends Ref, Options {
                readonly timeoutMs?: number | undefined;
                set?: (value: { inside: string }) => void;
            }
            export declare class Client {
                #private;
                private hidden;
                constructor(settings?: Settings);
                static of(counts: Counts): Client;
                get counts(): Counts;
                [Symbol.iterator](): Iterator;
            }
            export declare function simulate(options?: Options): Promise<Simulation>;
            export declare const version: string;
            declare function hidden(): void;
        ";
        assert_eq!(
            found(source, Manner::TypeScript),
            [
                "Client",
                "Client.counts",
                "Client.of",
                "Request",
                "Request.set",
                "Request.timeoutMs",
                "simulate",
                "version"
            ]
        );
    }
}
