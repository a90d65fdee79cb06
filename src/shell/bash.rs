//! bash by its own grammar: `brush-parser`'s syntax tree brought into the shape of [`super::syntax`].
//!
//! Invariant: never panics, never overflows the stack, never takes long. The grammar is exponential in unclosed brackets and
//! recursive in nested ones, so [`guard`](super::guard) turns such texts away first; everything that comes back is copied,
//! with the parser's character positions turned into byte positions.

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

use brush_parser::ast::{
    self, AssignmentName, AssignmentValue, CommandPrefixOrSuffixItem as Item, CompoundCommand, ExtendedTestExpr,
    IoFileRedirectKind, IoFileRedirectTarget, IoRedirect, SeparatorOperator, SourceLocation,
};
use brush_parser::{ParserOptions, SourceSpan, Token, parse_tokens, uncached_tokenize_str};

use super::guard;
use super::syntax::{
    Assignment, Command, Compound, CompoundKind, Pipeline, Redirect, RedirectKind, Script, Simple, Word,
};

/// The script, or `None` when the text is not valid bash or not one a person would write.
pub(super) fn parse(text: &str) -> Option<Script> {
    if !guard::admits(text) {
        return None;
    }
    let parsed = catch_unwind(AssertUnwindSafe(|| {
        let options = ParserOptions::default();
        let mut tokens = uncached_tokenize_str(text, &options.tokenizer_options()).ok()?;
        if text.contains(";;") && text.contains("((") {
            tokens = headed(tokens);
        }
        if text.contains("select ") {
            selected(&mut tokens);
        }
        parse_tokens(&tokens, &options).ok()
    }));
    let program = parsed.ok().flatten()?;
    let reader = Reader { text, bytes: (!text.is_ascii()).then(|| text.char_indices().map(|(i, _)| i).collect()) };
    let mut script = Script::default();
    for list in &program.complete_commands {
        reader.list(list, &mut script);
    }
    Some(script)
}

/// `select NAME in LIST` has the shape of a `for`, which is what the grammar knows.
fn selected(tokens: &mut [Token]) {
    for at in 0..tokens.len() {
        let begins = at == 0
            || matches!(&tokens[at - 1], Token::Operator(..))
            || matches!(tokens[at - 1].to_str(), "do" | "then" | "else" | "{" | "!");
        let loops = begins && tokens[at].to_str() == "select" && tokens.get(at + 2).is_some_and(|t| t.to_str() == "in");
        if let (true, Token::Word(word, _)) = (loops, &mut tokens[at]) {
            "for".clone_into(word);
        }
    }
}

/// In the head of `for ((;;))` a double semicolon is two; the tokenizer knows only the one that ends a case.
fn headed(tokens: Vec<Token>) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::with_capacity(tokens.len() + 4);
    let mut inside = false;
    for token in tokens {
        let is = |wanted: &str, at: usize| out.len() >= at && out[out.len() - at].to_str() == wanted;
        match &token {
            Token::Operator(text, _) if text == "(" && is("(", 1) && is("for", 2) => inside = true,
            Token::Operator(text, _) if text == ")" => inside = false,
            Token::Operator(text, span) if inside && text == ";;" => {
                out.push(Token::Operator(";".to_owned(), span.clone()));
                out.push(Token::Operator(";".to_owned(), span.clone()));
                continue;
            }
            _ => {}
        }
        out.push(token);
    }
    out
}

struct Reader<'a> {
    text: &'a str,
    /// The byte position of each character, when they differ.
    bytes: Option<Vec<usize>>,
}

impl Reader<'_> {
    fn byte(&self, index: usize) -> usize {
        let at = self.bytes.as_ref().map_or(index, |bytes| bytes.get(index).copied().unwrap_or(self.text.len()));
        at.min(self.text.len())
    }

    fn span(&self, loc: &SourceSpan) -> Range<usize> {
        let start = self.byte(loc.start.index);
        start..self.byte(loc.end.index).max(start)
    }

    fn word(&self, word: &ast::Word) -> Word {
        let span = word.loc.as_ref().map_or(0..self.text.len(), |loc| self.span(loc));
        Word { source: word.value.clone(), span }
    }

    /// A stretch of the source that the parser took apart, as one word again.
    fn slice(&self, span: Range<usize>) -> Word {
        Word { source: self.text.get(span.clone()).unwrap_or_default().to_owned(), span }
    }

    fn list(&self, list: &ast::CompoundList, script: &mut Script) {
        for ast::CompoundListItem(and_or, separator) in &list.0 {
            let mut pipelines = vec![self.pipeline(&and_or.first)];
            for next in &and_or.additional {
                let (ast::AndOr::And(pipeline) | ast::AndOr::Or(pipeline)) = next;
                pipelines.push(self.pipeline(pipeline));
            }
            if matches!(separator, SeparatorOperator::Async)
                && let Some(last) = pipelines.last_mut()
            {
                last.background = true;
            }
            script.pipelines.append(&mut pipelines);
        }
    }

    fn body(&self, list: &ast::CompoundList) -> Script {
        let mut script = Script::default();
        self.list(list, &mut script);
        script
    }

    fn pipeline(&self, pipeline: &ast::Pipeline) -> Pipeline {
        Pipeline { commands: pipeline.seq.iter().map(|command| self.command(command)).collect(), background: false }
    }

    fn command(&self, command: &ast::Command) -> Command {
        match command {
            ast::Command::Simple(simple) => Command::Simple(self.simple(simple)),
            ast::Command::Compound(compound, redirects) => {
                Command::Compound(self.compound(compound, redirects.as_ref()))
            }
            ast::Command::Function(function) => {
                let inside = self.compound(&function.body.0, function.body.1.as_ref());
                let body = Pipeline { commands: vec![Command::Compound(inside)], background: false };
                let span = function.location().map_or(0..self.text.len(), |loc| self.span(&loc));
                Command::Function { name: function.fname.value.clone(), body: Script { pipelines: vec![body] }, span }
            }
            ast::Command::ExtendedTest(test, redirects) => {
                let mut words = Vec::new();
                self.test(&test.expr, &mut words);
                let redirects = self.redirects(redirects.as_ref());
                Command::Compound(Compound { kind: CompoundKind::Group, words, bodies: Vec::new(), redirects })
            }
        }
    }

    fn test(&self, expr: &ExtendedTestExpr, words: &mut Vec<Word>) {
        match expr {
            ExtendedTestExpr::And(left, right) | ExtendedTestExpr::Or(left, right) => {
                self.test(left, words);
                self.test(right, words);
            }
            ExtendedTestExpr::Not(inner) | ExtendedTestExpr::Parenthesized(inner) => self.test(inner, words),
            ExtendedTestExpr::UnaryTest(_, word) => words.push(self.word(word)),
            ExtendedTestExpr::BinaryTest(_, left, right) => words.extend([self.word(left), self.word(right)]),
        }
    }

    fn compound(&self, compound: &CompoundCommand, redirects: Option<&ast::RedirectList>) -> Compound {
        let mut kind = CompoundKind::Group;
        let mut words = Vec::new();
        let mut bodies = Vec::new();
        match compound {
            CompoundCommand::Arithmetic(arithmetic) => {
                let span = self.span(&arithmetic.loc);
                // The grammar takes `( (ls) )` for arithmetic too, which it is only without the blank.
                match self.nested_subshell(&span) {
                    Some(body) => {
                        kind = CompoundKind::Subshell;
                        bodies.push(body);
                    }
                    None => words.push(self.slice(span)),
                }
            }
            CompoundCommand::ArithmeticForClause(clause) => {
                let condition = clause.condition.as_ref().map_or("", |condition| condition.value.trim());
                if matches!(condition, "" | "1" | "true") {
                    kind = CompoundKind::Endless;
                }
                let parts = [&clause.initializer, &clause.condition, &clause.updater];
                let span = self.span(&clause.loc);
                words.extend(
                    parts.into_iter().flatten().map(|part| Word { source: part.value.clone(), span: span.clone() }),
                );
                bodies.push(self.body(&clause.body.list));
            }
            CompoundCommand::BraceGroup(group) => bodies.push(self.body(&group.list)),
            CompoundCommand::Subshell(subshell) => {
                kind = CompoundKind::Subshell;
                bodies.push(self.body(&subshell.list));
            }
            CompoundCommand::ForClause(clause) => {
                kind = CompoundKind::For(clause.variable_name.clone());
                words.extend(clause.values.iter().flatten().map(|word| self.word(word)));
                bodies.push(self.body(&clause.body.list));
            }
            CompoundCommand::CaseClause(clause) => {
                words.push(self.word(&clause.value));
                for case in &clause.cases {
                    words.extend(case.patterns.iter().map(|pattern| self.word(pattern)));
                    bodies.extend(case.cmd.iter().map(|list| self.body(list)));
                }
            }
            CompoundCommand::IfClause(clause) => {
                bodies.extend([self.body(&clause.condition), self.body(&clause.then)]);
                for other in clause.elses.iter().flatten() {
                    bodies.extend(other.condition.iter().map(|list| self.body(list)));
                    bodies.push(self.body(&other.body));
                }
            }
            CompoundCommand::WhileClause(clause) | CompoundCommand::UntilClause(clause) => {
                bodies.extend([self.body(&clause.0), self.body(&clause.1.list)]);
                let stops: &[&str] = match compound {
                    CompoundCommand::WhileClause(_) => {
                        &[":", "true", "/bin/true", "[ 1 ]", "[ true ]", "[[ 1 ]]", "((1))"]
                    }
                    _ => &["false", "/bin/false", "! true", "! :", "[ ]", "((0))"],
                };
                if stops.contains(&written(&bodies[0]).as_str()) {
                    kind = CompoundKind::Endless;
                }
            }
            CompoundCommand::Coprocess(coprocess) => {
                let commands = vec![self.command(&coprocess.body)];
                bodies.push(Script { pipelines: vec![Pipeline { commands, background: true }] });
            }
        }
        Compound { kind, words, bodies, redirects: self.redirects(redirects) }
    }

    /// The script between two pairs of brackets that blanks keep apart.
    fn nested_subshell(&self, span: &Range<usize>) -> Option<Script> {
        let source = self.text.get(span.clone())?;
        let inner = source.strip_prefix('(')?.strip_suffix(')')?;
        if inner.starts_with('(') && inner.ends_with(')') {
            return None;
        }
        // Blanks in front keep the positions what they are in the whole text.
        let padded = [&" ".repeat(span.start + 1), inner].concat();
        parse(&padded).or_else(|| Some(super::scan::scan(super::Shell::Bash, &padded).script))
    }

    fn simple(&self, simple: &ast::SimpleCommand) -> Simple {
        let mut out = Simple::default();
        for item in simple.prefix.iter().flat_map(|prefix| &prefix.0) {
            match item {
                Item::AssignmentWord(assignment, word) => out.assignments.push(self.assignment(assignment, word)),
                other => self.item(other, &mut out),
            }
        }
        out.words.extend(simple.word_or_name.iter().map(|word| self.word(word)));
        for item in simple.suffix.iter().flat_map(|suffix| &suffix.0) {
            self.item(item, &mut out);
        }
        let assigned = out.assignments.iter().flat_map(|assignment| assignment.value.iter().map(|word| &word.span));
        let spans =
            assigned.chain(out.words.iter().map(|word| &word.span)).chain(out.redirects.iter().map(|r| &r.target.span));
        let (start, end) = spans.fold((usize::MAX, 0), |(start, end), span| (start.min(span.start), end.max(span.end)));
        out.span = match simple.location() {
            Some(loc) => self.span(&loc),
            None => start.min(end)..end,
        };
        out
    }

    fn item(&self, item: &Item, out: &mut Simple) {
        match item {
            Item::IoRedirect(redirect) => self.redirect(redirect, &mut out.redirects),
            Item::Word(word) | Item::AssignmentWord(_, word) => out.words.push(self.word(word)),
            Item::ProcessSubstitution(kind, subshell) => out.words.push(self.substitution(kind, subshell)),
        }
    }

    fn substitution(&self, kind: &ast::ProcessSubstitutionKind, subshell: &ast::SubshellCommand) -> Word {
        let span = self.span(&subshell.loc);
        // The location may or may not include the sign before the bracket.
        let inside = self.text.get(span.clone()).unwrap_or_default();
        if inside.starts_with('(') {
            let start = span.start.saturating_sub(1);
            return self.slice(start..span.end);
        }
        if inside.starts_with(['<', '>']) {
            return self.slice(span);
        }
        Word { source: format!("{kind}{subshell}"), span }
    }

    fn assignment(&self, assignment: &ast::Assignment, word: &ast::Word) -> Assignment {
        let whole = self.word(word);
        let name = match &assignment.name {
            AssignmentName::VariableName(name) | AssignmentName::ArrayElementName(name, _) => name.clone(),
        };
        let (value, array) = match &assignment.value {
            AssignmentValue::Scalar(value) => {
                let start = whole.span.end.saturating_sub(value.value.len()).max(whole.span.start);
                (vec![Word { source: value.value.clone(), span: start..whole.span.end }], false)
            }
            AssignmentValue::Array(elements) => {
                let words =
                    elements.iter().map(|(_, word)| Word { source: word.value.clone(), span: whole.span.clone() });
                (words.collect(), true)
            }
        };
        let mut value = value;
        if let AssignmentName::ArrayElementName(_, index) = &assignment.name {
            // A subscript is evaluated, substitutions included.
            value.push(Word { source: index.clone(), span: whole.span.clone() });
        }
        Assignment { name, value, array, append: assignment.append }
    }

    fn redirects(&self, list: Option<&ast::RedirectList>) -> Vec<Redirect> {
        let mut out = Vec::new();
        for redirect in list.iter().flat_map(|list| &list.0) {
            self.redirect(redirect, &mut out);
        }
        out
    }

    fn redirect(&self, redirect: &IoRedirect, out: &mut Vec<Redirect>) {
        let (kind, target) = match redirect {
            IoRedirect::File(_, kind, target) => {
                let kind = match kind {
                    IoFileRedirectKind::Read => RedirectKind::Read,
                    IoFileRedirectKind::Write | IoFileRedirectKind::Clobber => RedirectKind::Write,
                    IoFileRedirectKind::Append => RedirectKind::Append,
                    IoFileRedirectKind::ReadAndWrite => RedirectKind::ReadWrite,
                    IoFileRedirectKind::DuplicateInput | IoFileRedirectKind::DuplicateOutput => RedirectKind::Duplicate,
                };
                match target {
                    IoFileRedirectTarget::Filename(word) => (kind, self.word(word)),
                    IoFileRedirectTarget::Fd(_) => return,
                    IoFileRedirectTarget::ProcessSubstitution(sign, subshell) => {
                        (kind, self.substitution(sign, subshell))
                    }
                    IoFileRedirectTarget::Duplicate(word) => {
                        // `>& file` empties the file; `>&2` and `>&-` touch none.
                        let source = word.value.as_str();
                        let number = source.bytes().all(|b| b.is_ascii_digit() || b == b'-');
                        let kind = if number { RedirectKind::Duplicate } else { RedirectKind::Write };
                        (kind, self.word(word))
                    }
                }
            }
            IoRedirect::HereDocument(_, document) => {
                let kind = if document.requires_expansion {
                    RedirectKind::HereDocument
                } else {
                    RedirectKind::QuotedHereDocument
                };
                (kind, self.word(&document.doc))
            }
            IoRedirect::HereString(_, word) => (RedirectKind::HereString, self.word(word)),
            IoRedirect::OutputAndError(word, append) => {
                (if *append { RedirectKind::Append } else { RedirectKind::Write }, self.word(word))
            }
        };
        out.push(Redirect { kind, target });
    }
}

/// The words of a script of one command.
fn written(script: &Script) -> String {
    let [Pipeline { commands, .. }] = script.pipelines.as_slice() else { return String::new() };
    let words = match commands.as_slice() {
        [Command::Simple(simple)] => &simple.words,
        [Command::Compound(compound)] if compound.bodies.is_empty() => &compound.words,
        _ => return String::new(),
    };
    words.iter().map(|word| word.source.as_str()).collect::<Vec<_>>().join(" ")
}
