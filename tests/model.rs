//! HubSpot's own documentation bodies, and what the documentation gets wrong, as the Rust types take them.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::fs;

use hubspot_async_tasks::model::{
    ErrorContext, ErrorDetail, ExportStatus, FileAccess, FileImportStatus, FileSourceGroup,
    FolderUpdateStatus, HttpErrorBody, HubSpotFile, HubSpotFolder, Links, SourceCodeExtractStatus,
    StandardError, SubCategory, TaskLocator, TaskState,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, from_value, json, to_value};

fn fixture(name: &str) -> Value {
    let path = format!("{}/tests/fixtures/{name}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&fs::read_to_string(&path).expect(&path)).expect(&path)
}

/// Fields that were absent come back as null: what is left without those.
fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let given = fields.into_iter().filter(|(_, value)| !value.is_null());
            given.map(|(name, value)| (name, without_nulls(value))).collect()
        }
        Value::Array(items) => items.into_iter().map(without_nulls).collect(),
        other => other,
    }
}

/// Into Rust and back again: nothing is lost, nothing is added.
fn survives<T: DeserializeOwned + Serialize>(body: &Value) {
    let decoded: T = from_value(body.clone()).unwrap_or_else(|error| panic!("{error} in {body}"));
    assert_eq!(without_nulls(to_value(&decoded).expect("JSON")), *body);
}

/// In the types whose fields are all optional, each of them may be absent, or null.
fn takes_nothing_and_nulls<T: DeserializeOwned + Serialize + Default + PartialEq + Debug>(fields: usize) {
    let nulls = to_value(T::default()).expect("JSON");
    assert_eq!(nulls.as_object().map(serde_json::Map::len), Some(fields), "{nulls}");
    assert_eq!(without_nulls(nulls.clone()), json!({}));
    assert_eq!(from_value::<T>(nulls).expect("nulls"), T::default());
    assert_eq!(from_value::<T>(json!({})).expect("nothing"), T::default());
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn map<V, const N: usize>(entries: [(&str, V); N]) -> BTreeMap<String, V> {
    entries.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

#[test]
fn hubspots_documentation_bodies_survive() {
    survives::<FileImportStatus>(&fixture("file-import-v3.json"));
    survives::<FileImportStatus>(&fixture("file-import-v3-with-source-group.json"));
    survives::<FolderUpdateStatus>(&fixture("folder-update-v3.json"));
    survives::<ExportStatus>(&fixture("export-v3.json"));
}

#[test]
fn the_page_that_forgot_status_is_refused_by_that_name_and_taken_once_it_is_there() {
    let mut body = fixture("file-import-2026-03.json");
    let refused = from_value::<FileImportStatus>(body.clone()).expect_err("it lacks status");
    assert_eq!(refused.to_string(), "missing field `status`");
    body["status"] = json!("COMPLETE");
    survives::<FileImportStatus>(&body);
}

#[test]
fn each_field_of_a_status_has_its_own_place() {
    let body = json!({
        "status": "COMPLETE", "requestedAt": "r", "startedAt": "s", "completedAt": "c", "taskId": "t", "numErrors": 7,
        "links": { "result": "l" }, "result": { "id": "f", "name": "n", "archived": true },
        "errors": [{
            "category": "ca", "context": { "id": ["1", "2"] }, "id": "i", "links": { "help": "h" }, "message": "m",
            "status": "st", "subCategory": { "deep": [1, { "er": null }] },
            "errors": [{ "code": "co", "context": "{a=[b]}", "in": "in", "message": "me", "subCategory": "su" }],
        }],
    });
    let detail = ErrorDetail {
        code: text("co"),
        context: Some(ErrorContext::Text("{a=[b]}".to_owned())),
        location: text("in"),
        message: text("me"),
        sub_category: Some(SubCategory::Text("su".to_owned())),
        other: Map::new(),
    };
    let free_form = json!({ "deep": [1, { "er": null }] }).as_object().expect("an object").clone();
    let error = StandardError {
        category: text("ca"),
        context: Some(ErrorContext::Map(map([("id", vec!["1".to_owned(), "2".to_owned()])]))),
        errors: Some(vec![detail]),
        id: text("i"),
        links: Some(Links::Map(map([("help", "h".to_owned())]))),
        message: text("m"),
        status: text("st"),
        sub_category: Some(SubCategory::Object(free_form)),
        other: Map::new(),
    };
    let folder =
        HubSpotFolder { id: text("f"), name: text("n"), archived: Some(true), ..HubSpotFolder::default() };
    let expected = FolderUpdateStatus {
        status: TaskState::Complete,
        requested_at: text("r"),
        started_at: text("s"),
        completed_at: text("c"),
        task_id: text("t"),
        num_errors: Some(7),
        errors: Some(vec![error]),
        links: Some(Links::Map(map([("result", "l".to_owned())]))),
        result: Some(folder),
        other: Map::new(),
    };
    assert_eq!(from_value::<FolderUpdateStatus>(body).expect("a status"), expected);
}

#[test]
fn each_field_of_a_file_and_of_a_folder_has_its_own_place() {
    let body = json!({
        "id": "1", "access": "PRIVATE", "archived": true, "archivedAt": "2", "createdAt": "3", "updatedAt": "4",
        "defaultHostingUrl": "5", "encoding": "6", "expiresAt": 7, "extension": "8", "fileMd5": "9", "height": 10,
        "width": 11, "isUsableInContent": false, "name": "12", "parentFolderId": "13", "path": "14", "size": 15,
        "sourceGroup": "FORMS", "type": "16", "url": "17",
    });
    let file = HubSpotFile {
        id: text("1"),
        access: Some(FileAccess::Private),
        archived: Some(true),
        archived_at: text("2"),
        created_at: text("3"),
        updated_at: text("4"),
        default_hosting_url: text("5"),
        encoding: text("6"),
        expires_at: Some(7),
        extension: text("8"),
        file_md5: text("9"),
        height: Some(10),
        width: Some(11),
        is_usable_in_content: Some(false),
        name: text("12"),
        parent_folder_id: text("13"),
        path: text("14"),
        size: Some(15),
        source_group: Some(FileSourceGroup::Forms),
        kind: text("16"),
        url: text("17"),
        other: Map::new(),
    };
    assert_eq!(from_value::<HubSpotFile>(body.clone()).expect("a file"), file);
    let folder = HubSpotFolder {
        id: text("1"),
        archived: Some(true),
        archived_at: text("2"),
        created_at: text("3"),
        updated_at: text("4"),
        name: text("12"),
        parent_folder_id: text("13"),
        path: text("14"),
        other: Map::new(),
    };
    let read: HubSpotFolder = from_value(body).expect("a folder");
    // What a file has besides is unknown to a folder.
    assert_eq!(HubSpotFolder { other: Map::new(), ..read }, folder);
}

#[test]
fn every_field_but_status_may_be_absent_or_null() {
    fn bare<Result>() -> hubspot_async_tasks::model::TaskStatus<Result> {
        hubspot_async_tasks::model::TaskStatus {
            status: TaskState::Pending,
            requested_at: None,
            started_at: None,
            completed_at: None,
            task_id: None,
            num_errors: None,
            errors: None,
            links: None,
            result: None,
            other: Map::new(),
        }
    }
    let nulls = to_value(bare::<String>()).expect("JSON");
    assert_eq!(nulls.as_object().map(serde_json::Map::len), Some(9), "{nulls}");
    for body in [json!({ "status": "PENDING" }), nulls] {
        assert_eq!(from_value::<FileImportStatus>(body.clone()).expect("a file import"), bare());
        assert_eq!(from_value::<FolderUpdateStatus>(body.clone()).expect("a folder update"), bare());
        assert_eq!(from_value::<ExportStatus>(body.clone()).expect("an export"), bare());
        assert_eq!(from_value::<SourceCodeExtractStatus>(body).expect("an extract"), bare());
    }
    for status in [json!(null), json!(5), json!({})] {
        assert!(from_value::<ExportStatus>(json!({ "status": status })).is_err(), "{status}");
    }
    takes_nothing_and_nulls::<HubSpotFile>(21);
    takes_nothing_and_nulls::<HubSpotFolder>(8);
    takes_nothing_and_nulls::<StandardError>(8);
    takes_nothing_and_nulls::<ErrorDetail>(5);
    takes_nothing_and_nulls::<HttpErrorBody>(11);
    takes_nothing_and_nulls::<TaskLocator>(2);
}

#[test]
fn fields_that_this_version_does_not_know_survive() {
    let body = json!({
        "status": "COMPLETE", "progress": 0.5, "result": { "id": "1", "virusScan": { "is": ["CLEAN", null] } },
        "errors": [{ "message": "m", "line": 7, "errors": [{ "code": "c", "hint": false }] }],
    });
    let status: FileImportStatus = from_value(body).expect("a status");
    assert_eq!(Value::from(status.other), json!({ "progress": 0.5 }));
    let file = status.result.expect("a file");
    assert_eq!(file.id, text("1"));
    assert_eq!(Value::from(file.other), json!({ "virusScan": { "is": ["CLEAN", null] } }));
    survives::<FolderUpdateStatus>(
        &json!({ "status": "PENDING", "a": [1], "result": { "name": "n", "b": "c" } }),
    );
    survives::<StandardError>(&json!({ "line": 7, "errors": [{ "code": "c", "hint": false }] }));
    survives::<HttpErrorBody>(&json!({ "message": "m", "traceId": "t" }));
    survives::<TaskLocator>(&json!({ "id": "7", "queue": 1 }));
}

/// A value of each of JSON's types.
fn one_of_each_type() -> [Value; 7] {
    [json!(null), json!(true), json!(7), json!(-1.5), json!("text"), json!(["text"]), json!({ "a": "b" })]
}

#[test]
fn a_field_of_a_wrong_type_is_as_good_as_absent() {
    /// Whatever a field is, the others are read as without it.
    fn check<T: DeserializeOwned + Serialize>(rest: &Value) {
        let bare: T = from_value(rest.clone()).expect("the rest");
        let written = to_value(&bare).expect("JSON");
        let names = written.as_object().expect("an object").keys();
        for name in names.filter(|name| rest.get(name.as_str()).is_none()) {
            let mut fits = 0;
            for value in one_of_each_type() {
                let mut body = rest.clone();
                body[name] = value.clone();
                let read: T = from_value(body).unwrap_or_else(|error| panic!("{error}: {name} is {value}"));
                let mut again = to_value(&read).expect("JSON");
                fits += usize::from(!again[name].is_null());
                again[name] = Value::Null;
                assert_eq!(again, written, "{name} is {value}");
            }
            // Text and a map, or a list and a map, at most; an extract's result takes nothing.
            assert!((1..=2).contains(&fits) || name == "result", "{name} takes {fits} of seven types");
        }
    }
    check::<HubSpotFile>(&json!({}));
    check::<HubSpotFolder>(&json!({}));
    check::<StandardError>(&json!({}));
    check::<ErrorDetail>(&json!({}));
    check::<HttpErrorBody>(&json!({}));
    check::<TaskLocator>(&json!({}));
    check::<FileImportStatus>(&json!({ "status": "COMPLETE" }));
    check::<FolderUpdateStatus>(&json!({ "status": "COMPLETE" }));
    check::<ExportStatus>(&json!({ "status": "COMPLETE" }));
    check::<SourceCodeExtractStatus>(&json!({ "status": "COMPLETE" }));
}

#[test]
fn of_lists_and_maps_what_fits_is_taken() {
    let error: StandardError = from_value(json!({
        "context": { "scopes": ["a", 5, "b"], "other": "text", "none": null },
        "links": { "help": "h", "n": 1 },
        "errors": [null, 5, { "message": "m", "code": 7 }],
    }))
    .expect("an error");
    let scopes = vec!["a".to_owned(), "b".to_owned()];
    assert_eq!(error.context, Some(ErrorContext::Map(map([("scopes", scopes)]))));
    assert_eq!(error.links, Some(Links::Map(map([("help", "h".to_owned())]))));
    let known = ErrorDetail { message: text("m"), ..ErrorDetail::default() };
    assert_eq!(error.errors, Some(vec![ErrorDetail::default(), known]));
    let listed: TaskLocator = from_value(json!({ "links": [5, { "a": "b", "n": 1 }] })).expect("a locator");
    assert_eq!(listed.links, Some(Links::List(vec![map([("a", "b".to_owned())])])));
}

#[test]
fn a_whole_number_may_be_written_with_a_fraction_of_none() {
    let table = [
        (json!(10.0), Some(10)),
        (json!(-1e3), Some(-1000)),
        (json!(10.5), None),
        (json!(1e300), None),
        (json!(2_147_483_648_i64), None),
    ];
    for (height, expected) in table {
        let file: HubSpotFile = from_value(json!({ "height": height })).expect("a file");
        assert_eq!(file.height, expected, "{height}");
    }
    let status: ExportStatus =
        from_value(json!({ "status": "COMPLETE", "numErrors": 3e9 })).expect("a status");
    assert_eq!(status.num_errors, Some(3_000_000_000), "more than the 32 bits that HubSpot promises");
}

#[cfg(feature = "tsify")]
#[test]
fn the_typescript_types_are_the_packages_and_show_no_other_fields() {
    use hubspot_async_tasks::model::TaskStatus;
    use tsify::Tsify;

    let path = format!("{}/tests/package/public-api.txt", env!("CARGO_MANIFEST_DIR"));
    let public = fs::read_to_string(&path).expect(&path);
    let declarations = [
        TaskStatus::<()>::DECL,
        TaskState::DECL,
        HubSpotFile::DECL,
        FileAccess::DECL,
        FileSourceGroup::DECL,
        HubSpotFolder::DECL,
        StandardError::DECL,
        ErrorDetail::DECL,
        ErrorContext::DECL,
        SubCategory::DECL,
        HttpErrorBody::DECL,
        TaskLocator::DECL,
        Links::DECL,
    ];
    for declaration in declarations {
        assert!(public.contains(&without_comments(declaration)), "{declaration}");
    }
}

#[cfg(feature = "tsify")]
fn without_comments(declaration: &str) -> String {
    let is_code = |line: &&str| !["/**", "*"].iter().any(|start| line.trim_start().starts_with(start));
    declaration.lines().filter(is_code).collect::<Vec<_>>().join("\n")
}

#[test]
fn enumerations_name_the_known_words_and_keep_the_unknown_ones_as_they_came() {
    fn check<T: for<'a> From<&'a str> + DeserializeOwned + Serialize + PartialEq + Debug>(
        known: &[(&str, T)],
        other: impl Fn(String) -> T,
        as_str: impl Fn(&T) -> &str,
    ) {
        let unknown = ["REVIEWING", "", "complete", "Ünbekannt \u{1F600}", "a\"b\\c"];
        let unknown = unknown.map(|word| (word, other(word.to_owned())));
        for (word, value) in known.iter().chain(&unknown) {
            assert_eq!(T::from(word), *value);
            assert_eq!(as_str(value), *word);
            assert_eq!(from_value::<T>(json!(word)).expect(word), *value);
            assert_eq!(to_value(value).expect(word), json!(word));
            let escaped = serde_json::to_string(word).expect(word);
            assert_eq!(serde_json::from_str::<T>(&escaped).expect(word), *value);
        }
    }
    let states = [
        ("PENDING", TaskState::Pending),
        ("PROCESSING", TaskState::Processing),
        ("COMPLETE", TaskState::Complete),
        ("CANCELED", TaskState::Canceled),
    ];
    check(&states, TaskState::Other, TaskState::as_str);
    let accesses = [
        ("HIDDEN_INDEXABLE", FileAccess::HiddenIndexable),
        ("HIDDEN_NOT_INDEXABLE", FileAccess::HiddenNotIndexable),
        ("HIDDEN_PRIVATE", FileAccess::HiddenPrivate),
        ("HIDDEN_SENSITIVE", FileAccess::HiddenSensitive),
        ("PRIVATE", FileAccess::Private),
        ("PUBLIC_INDEXABLE", FileAccess::PublicIndexable),
        ("PUBLIC_NOT_INDEXABLE", FileAccess::PublicNotIndexable),
        ("SENSITIVE", FileAccess::Sensitive),
    ];
    check(&accesses, FileAccess::Other, FileAccess::as_str);
    let groups = [
        ("CONTENT", FileSourceGroup::Content),
        ("CONVERSATIONS", FileSourceGroup::Conversations),
        ("FORMS", FileSourceGroup::Forms),
        ("UI_EXTENSIONS", FileSourceGroup::UiExtensions),
        ("UNKNOWN", FileSourceGroup::Unknown),
    ];
    check(&groups, FileSourceGroup::Other, FileSourceGroup::as_str);
}

#[test]
fn numbers_are_exact_to_the_ends_of_their_range() {
    for expires_at in [0, -1, 1_755_770_400_000, (1 << 53) + 1, i64::MAX, i64::MIN] {
        let file: HubSpotFile =
            from_value(json!({ "expiresAt": expires_at, "size": expires_at })).expect("a file");
        assert_eq!((file.expires_at, file.size), (Some(expires_at), Some(expires_at)));
        survives::<HubSpotFile>(&json!({ "expiresAt": expires_at, "size": expires_at }));
    }
    survives::<ExportStatus>(&json!({ "status": "COMPLETE", "numErrors": i32::MAX }));
}

#[test]
fn what_hubspot_writes_in_two_ways_is_taken_in_both() {
    for sub_category in [json!("INVALID_URL"), json!({}), json!({ "name": "X", "n": 1.5 })] {
        survives::<StandardError>(&json!({ "subCategory": sub_category }));
        survives::<ErrorDetail>(&json!({ "subCategory": sub_category }));
    }
    for context in
        [json!({}), json!({ "id": ["1", "2"], "none": [] }), json!("{missingScopes=[scope1, scope2]}")]
    {
        survives::<StandardError>(&json!({ "context": context }));
        survives::<ErrorDetail>(&json!({ "context": context }));
        survives::<HttpErrorBody>(&json!({ "context": context }));
    }
    for links in [json!({}), json!({ "a": "b", "c": "d" }), json!([]), json!([{ "a": "b" }, { "c": "d" }])] {
        survives::<ExportStatus>(&json!({ "status": "COMPLETE", "links": links }));
        survives::<StandardError>(&json!({ "links": links }));
        survives::<HttpErrorBody>(&json!({ "links": links }));
        survives::<TaskLocator>(&json!({ "links": links }));
    }
}

#[test]
fn a_date_in_milliseconds_is_kept_as_its_digits() {
    for (ms, kept) in [
        (json!(1_774_951_080_000_u64), Some("1774951080000")),
        (json!(1_774_951_080_000.75), Some("1774951080000")),
        (json!("1774951080000"), Some("1774951080000")),
        (json!(-1), None),
        (json!([1_774_951_080_000_u64]), None),
    ] {
        let status = json!({ "status": "PENDING", "requestedAt": ms, "startedAt": ms, "completedAt": ms });
        let ExportStatus { requested_at, started_at, completed_at, .. } =
            serde_json::from_value(status).expect("a status");
        for date in [requested_at, started_at, completed_at] {
            assert_eq!(date.as_deref(), kept, "{ms}");
        }
    }
}

#[test]
fn a_started_task_is_located_by_a_map_or_by_a_list() {
    let address = "https://api-na1.hubspot.com/crm/v3/exports/export/async/tasks/7/status";
    let link = map([("status", address.to_owned())]);
    let table = [
        (json!({ "id": "7", "links": { "status": address } }), Links::Map(link.clone())),
        (json!({ "id": "7", "links": [{ "status": address }] }), Links::List(vec![link])),
    ];
    for (body, links) in table {
        let locator: TaskLocator = from_value(body).expect("a locator");
        assert_eq!(locator, TaskLocator { id: text("7"), links: Some(links), ..TaskLocator::default() });
    }
}

#[test]
fn each_field_of_an_error_answer_has_its_own_place() {
    let body = json!({
        "status": "error", "message": "m", "correlationId": "co", "category": "MISSING_SCOPES", "subCategory": "s",
        "context": { "requiredGranularScopes": ["files"] }, "links": { "scopes": "l" }, "errors": [{ "in": "i" }],
        "policyName": "DAILY", "errorType": "RATE_LIMIT", "requestId": "r",
    });
    let error = HttpErrorBody {
        category: text("MISSING_SCOPES"),
        correlation_id: text("co"),
        context: Some(ErrorContext::Map(map([("requiredGranularScopes", vec!["files".to_owned()])]))),
        error_type: text("RATE_LIMIT"),
        errors: Some(vec![ErrorDetail { location: text("i"), ..ErrorDetail::default() }]),
        links: Some(Links::Map(map([("scopes", "l".to_owned())]))),
        message: text("m"),
        policy_name: text("DAILY"),
        request_id: text("r"),
        status: text("error"),
        sub_category: Some(SubCategory::Text("s".to_owned())),
        other: Map::new(),
    };
    assert_eq!(from_value::<HttpErrorBody>(body.clone()).expect("an error"), error);
    survives::<HttpErrorBody>(&body);
}
