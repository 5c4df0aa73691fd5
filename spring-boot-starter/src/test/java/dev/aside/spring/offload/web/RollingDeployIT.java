package dev.aside.spring.offload.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.aside.offload.JobSnapshot;
import dev.aside.offload.OffloadExecutor;
import dev.aside.offload.job.JobState;
import dev.aside.testkit.RedisServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Nodes of two releases over one Redis, old ones ending while new ones begin, and clients that never pause. */
@Timeout(180)
class RollingDeployIT {
    private static final Deliveries DELIVERIES = new Deliveries();

    private final List<OffloadApp> nodes = new ArrayList<>();
    private final Map<String, String> accepted = new ConcurrentHashMap<>();
    private final ScheduledExecutorService clients = Executors.newScheduledThreadPool(3);

    @Configuration(proxyBeanMethods = false)
    static class Shared {
        @Bean
        Deliveries deliveries() {
            return DELIVERIES;
        }
    }

    @AfterEach
    void stop() {
        clients.shutdownNow();
        nodes.forEach(OffloadApp::close);
    }

    private OffloadApp node(Class<?>... beans) {
        List<Class<?>> all = new ArrayList<>(List.of(beans));
        all.add(Shared.class);
        OffloadApp node = OffloadApp.start(
                all,
                "aside.offload.redis.uri=" + RedisServer.shared().uri(),
                "aside.offload.redis.namespace=rolling-deploy",
                "aside.offload.redis.command-timeout=10s", // starts on a busy machine
                "aside.offload.drain=10s",
                "server.shutdown=graceful");
        nodes.add(node);
        return node;
    }

    private OffloadApp oldNode() {
        return steadily("old" + nodes.size(), node(OldRelease.class));
    }

    /** Its clients send a mail every 20 ms, for as long as it takes them. */
    private OffloadApp steadily(String prefix, OffloadApp node) {
        int[] last = {0};
        clients.scheduleAtFixedRate(
                () -> offer(node, "/mails/", prefix + "-" + last[0]++), 0, 20, TimeUnit.MILLISECONDS);
        return node;
    }

    /** What is not answered 200 is not accepted. */
    private void offer(OffloadApp node, String path, String name) {
        try {
            WebNode.Reply reply = node.post(path + name, "");
            if (reply.status() == 200) {
                accepted.put(name, reply.body());
            }
        } catch (CompletionException ended) { // the node
        }
    }

    private static JobSnapshot job(OffloadApp node, String id) {
        return node.bean(OffloadExecutor.class).find(id).orElseThrow();
    }

    private void awaitState(OffloadApp node, String name, JobState state) {
        await(name)
                .atMost(30, TimeUnit.SECONDS)
                .until(() -> job(node, accepted.get(name)).state() == state);
    }

    @Test
    void deploy_whileJobsArrive_losesNoneAndDoesNoneTwice() throws InterruptedException {
        OffloadApp old = oldNode();
        OffloadApp front = node(NewRelease.Front.class, NewRelease.Codec.class);
        offer(front, "/letters/", "letter");
        offer(front, "/mails/", "early");
        awaitState(front, "early", JobState.SCHEDULED); // put back by the old node, for a new one
        OffloadApp other = oldNode();
        steadily("new", front);
        node(NewRelease.Worker.class, NewRelease.Codec.class);
        old.close();
        awaitState(front, "letter", JobState.SUCCEEDED);
        await().atMost(30, TimeUnit.SECONDS).until(() -> DELIVERIES.hasBeen("new x1")); // the new node takes old mails
        other.close();
        clients.shutdown();
        assertThat(clients.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        awaitEnds(front);

        accepted.forEach((name, id) -> {
            JobSnapshot job = job(front, id);
            assertThat(job.state()).as(name).isEqualTo(JobState.SUCCEEDED);
            assertThat(job.record().attempts()).as(name).isEqualTo(1);
            assertThat(job.result(String.class)).isIn(results(name));
        });
        assertThat(DELIVERIES.counts()).containsKeys(accepted.keySet().toArray(new String[0]));
        assertThat(DELIVERIES.counts().values()).containsOnly(1);
    }

    private void awaitEnds(OffloadApp node) {
        List<String> open = new ArrayList<>(accepted.values());
        await().atMost(60, TimeUnit.SECONDS).until(() -> {
            open.removeIf(id -> job(node, id).isFinished());
            return open.isEmpty();
        });
    }

    private static List<String> results(String name) {
        if (name.equals("letter")) {
            return List.of("letter to letter");
        }
        return name.startsWith("old") ? List.of("old to " + name, "new x1 to " + name) : List.of("new x2 to " + name);
    }
}
