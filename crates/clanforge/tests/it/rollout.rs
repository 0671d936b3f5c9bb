//! Rollouts from their baselines to their outcomes.

use std::convert::Infallible;

use clanforge::monitor::{OutcomeKind, Policy};
use clanforge::{ErrorKind, ExitCode, Gate, ImageRef, RolloutError};

use crate::servers::{IMAGE, always, client, json, simulation};

#[tokio::test]
async fn a_rollout_is_waited_for_once_its_deployment_has_succeeded() {
    let (simulator, builder) = simulation("happy");
    let other = ImageRef::new(1234, 1);
    let deploy = async {
        assert_eq!(simulator.requests(), 2);
        simulator.start_rollout(None);
        Ok::<_, Infallible>(())
    };
    let outcome = builder.build().unwrap().rollout([IMAGE, other]).run(deploy).await.unwrap();
    let kinds: Vec<_> = outcome.outcomes.iter().map(|image| image.outcome.as_ref().unwrap().kind).collect();
    assert_eq!(kinds, [OutcomeKind::Ready; 2]);
}

#[tokio::test]
async fn a_deployment_that_fails_ends_the_rollout_with_its_error() {
    let (simulator, builder) = simulation("happy");
    let error = builder.build().unwrap().rollout([IMAGE]).run(async { Err::<(), _>("no disk") }).await.unwrap_err();
    assert!(matches!(error, RolloutError::Deploy("no disk")), "{error}");
    assert_eq!(
        (error.exit_code(), error.to_string().as_str()),
        (ExitCode::DeployFailed, "the deployment failed: no disk")
    );
    assert_eq!(simulator.requests(), 1);
}

#[tokio::test]
async fn a_busy_image_is_refused_before_the_deployment_unless_it_is_allowed() {
    let simulator = always(json(200, r#"{"pending_machines":20,"failed_machines":0,"completed_machines":20}"#));
    let call = client(&simulator).rollout([IMAGE]);
    let RolloutError::Client(error) = call.clone().run(async { Err::<(), _>("started") }).await.unwrap_err() else {
        panic!("it was started")
    };
    assert_eq!((error.kind(), error.kind().exit_code()), (ErrorKind::Busy, ExitCode::NotReady));
    let allowed = call.allow_busy(true).run(async { Err::<(), _>("started") }).await.unwrap_err();
    assert!(matches!(allowed, RolloutError::Deploy("started")), "{allowed}");
}

#[tokio::test]
async fn a_rollout_whose_deployment_was_cancelled_is_not_started_again() {
    let (simulator, builder) = simulation("happy");
    let folder = tempfile::tempdir().unwrap();
    let call = builder.build().unwrap().rollout([IMAGE]).state(folder.path().join("rollout.json"));
    let (starts, mut started) = tokio::sync::oneshot::channel();
    let deploy = async {
        starts.send(()).unwrap();
        std::future::pending::<Result<(), Infallible>>().await
    };
    tokio::select! {
        _ = call.clone().run(deploy) => panic!("it never ends"),
        _ = &mut started => {}
    }
    let never = async { panic!("it was started again") };
    let error = call.clone().run::<(), Infallible>(never).await.unwrap_err();
    let RolloutError::Client(error) = error;
    assert_eq!((error.kind(), simulator.requests()), (ErrorKind::Deploy, 1));
    let never = async { panic!("it was started again") };
    assert!(call.assume_deployed(true).run::<(), Infallible>(never).await.unwrap().is_ready());
}

#[tokio::test]
async fn of_two_processes_with_one_state_one_starts_the_rollout() {
    let (_simulator, builder) = simulation("happy");
    let client = builder.build().unwrap();
    let folder = tempfile::tempdir().unwrap();
    for (name, is_empty) in [("absent.json", false), ("empty.json", true)] {
        let state = folder.path().join(name);
        if is_empty {
            std::fs::write(&state, "").unwrap();
        }
        let call = client.rollout([IMAGE]).state(&state);
        let (first, second) = (call.clone().begin().await.unwrap(), call.clone().begin().await.unwrap());
        first.starting().unwrap();
        let error = second.starting().unwrap_err();
        let expected = format!(
            "{}: another process has just started this rollout; once its deployment has ended, run the same again to wait for it",
            state.display()
        );
        assert_eq!((error.kind(), error.to_string()), (ErrorKind::Busy, expected));
        first.ended(Ok::<_, Infallible>(())).unwrap();
        assert!(call.begin().await.unwrap().is_deployed());
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[tokio::test]
async fn what_would_end_the_wait_is_refused_before_the_deployment() {
    let (simulator, builder) = simulation("happy");
    let folder = tempfile::tempdir().unwrap();
    let (missing, other) = (folder.path().join("missing/file.svg"), folder.path().join("other"));
    std::fs::write(&other, "#!/bin/sh\n").unwrap();
    let client = builder.build().unwrap();
    let call = || client.rollout([IMAGE]);
    let mut policy = Policy::default();
    policy.confirmations = 0;
    for (call, kind, problem) in [
        (client.rollout([]), ErrorKind::Configuration, "there are no images"),
        (client.rollout([IMAGE, IMAGE]), ErrorKind::Configuration, "is named twice"),
        (call().policy(policy), ErrorKind::Configuration, "confirmations is 0"),
        (call().record(&missing), ErrorKind::Local, "could not write"),
        (call().record(&other), ErrorKind::Configuration, "other is not a recording"),
        (call().report(&missing), ErrorKind::Local, "could not write"),
        (call().report(&other), ErrorKind::Configuration, "invalid report"),
        (call().state(&missing), ErrorKind::Configuration, "could not write"),
    ] {
        let never = async { panic!("it was started") };
        let RolloutError::Client(error) = call.run::<(), Infallible>(never).await.unwrap_err();
        assert!(error.kind() == kind && error.to_string().contains(problem), "{error}");
    }
    assert_eq!(simulator.requests(), 0);
}

#[tokio::test]
async fn a_region_that_an_image_does_not_have_is_refused_before_the_deployment() {
    let (_simulator, builder) = simulation("happy");
    let mut gate = Gate::default();
    gate.regions.insert("Eurpe".to_owned());
    let never = async { panic!("it was started") };
    let RolloutError::Client(error) =
        builder.build().unwrap().rollout([IMAGE]).gate(gate).run::<(), Infallible>(never).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(error.to_string().contains("has no region `Eurpe`; did you mean `Europe`?"), "{error}");
}

#[tokio::test]
async fn the_state_of_a_wait_is_no_state_of_a_rollout() {
    let (_simulator, builder) = simulation("happy");
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("wait.json");
    let client = builder.build().unwrap();
    client.wait(IMAGE).state(&state).stream().next().await.unwrap().unwrap();
    let error = client.rollout([IMAGE]).state(&state).begin().await.unwrap_err();
    assert!(error.to_string().contains("is the state of a wait, not of a rollout: use another file"), "{error}");
}

#[test]
fn a_blocking_rollout_ends_as_an_async_one() {
    let (simulator, builder): (_, clanforge::ClientBuilder) = simulation("happy");
    let client = clanforge::blocking::Client::new(builder).unwrap();
    let start = || {
        simulator.start_rollout(None);
        Ok::<_, Infallible>(())
    };
    let outcome = client.rollout([IMAGE], |call| call.allow_busy(true), start).unwrap();
    assert!(outcome.is_ready());
}
