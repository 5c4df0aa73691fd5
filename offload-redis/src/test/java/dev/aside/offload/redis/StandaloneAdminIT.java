package dev.aside.offload.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.offload.EnqueueOptions;
import dev.aside.testkit.RedisServer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StandaloneAdminIT extends RedisJobAdminContract {
    @Override
    String uri() {
        return RedisServer.shared().uri();
    }

    @Override
    int shards() {
        return 1;
    }

    private String key(String name) {
        return new Layout(namespace, 1).prefix(0) + name;
    }

    @Test
    void purge_unfinishedJobInTheIndexOfFinishedOnes_isLeftAlone() {
        String id = enqueue(MAIL, 1).get(0);
        RedisServer.shared().command("ZADD", key("fin"), "1", id);
        RedisServer.shared().command("ZADD", key("fin"), "2", "jb_gone");
        assertThat(admin.purge(JobIndex.FINISHED, Duration.ZERO)).isZero();
        assertThat(admin.inspect(id)).isPresent();
        assertThat(RedisServer.shared().command("ZCARD", key("fin"))).hasToString("1");
    }

    @Test
    void purge_keyedJob_leavesNoKeyOfItBehind() {
        EnqueueOptions keyed =
                EnqueueOptions.builder().idempotencyKey("order-8", "f").build();
        String id = producer.jobs().enqueue(MAIL, "p", keyed).id();
        admin.cancel(id, "");
        assertThat(admin.purge(JobIndex.FINISHED, Duration.ZERO)).isEqualTo(1);
        assertThat(RedisServer.shared().command("KEYS", key("?:*"))).hasToString("[]");
    }

    @Test
    void audit_jobThatIsInNoIndex_isPutBack() {
        String id = enqueue(MAIL, 1).get(0);
        RedisServer.shared().command("DEL", key("rdy:mail"));
        assertThat(admin.inspect(id).orElseThrow().index()).isNull();
        assertThat(admin.audit()).isEqualTo(1);
        assertThat(admin.inspect(id).orElseThrow().index()).isEqualTo(JobIndex.WAITING);
    }
}
