package dev.aside.demo.web;

import dev.aside.cache.Cache;
import dev.aside.cache.CacheStats;
import dev.aside.cache.Caches;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** What the demo's page shows of a node, the mails that were sent, and the switch of the demo's Redis. */
@RestController
class AdminController {
    private final Caches caches;
    private final RedisControl redis;
    private final NodeInfo node;
    private final MailBox mailBox;

    AdminController(Caches caches, RedisControl redis, NodeInfo node, MailBox mailBox) {
        this.caches = caches;
        this.redis = redis;
        this.node = node;
        this.mailBox = mailBox;
    }

    /** A node at a glance. */
    record Status(String node, boolean redisRunning, boolean redisOurs, Map<String, CacheStats> caches) {}

    @GetMapping("/admin/status")
    Status status() {
        Map<String, CacheStats> stats = new LinkedHashMap<>();
        for (Cache<?, ?> cache : caches.all()) {
            stats.put(cache.name(), cache.stats());
        }
        return new Status(node.name(), redis.isRunning(), redis.isOurs(), stats);
    }

    @GetMapping("/admin/nodes")
    NodeInfo nodes() {
        return node;
    }

    @GetMapping("/admin/mails")
    List<MailBox.Mail> mails() {
        return mailBox.mails();
    }

    /** Drops a cache on every node: a hook for people. */
    @PostMapping("/admin/caches/{name}/clear")
    ResponseEntity<?> clear(@PathVariable String name) {
        if (caches.all().stream().noneMatch(cache -> cache.name().equals(name))) {
            return Problems.answer(HttpStatus.NOT_FOUND, "no-such-cache", "There is no cache of this name");
        }
        caches.clear(name);
        return ResponseEntity.noContent().build();
    }

    @PostMapping("/admin/redis/stop")
    ResponseEntity<?> stop() {
        return change(redis::stop);
    }

    @PostMapping("/admin/redis/start")
    ResponseEntity<?> start() {
        return change(redis::start);
    }

    private ResponseEntity<?> change(Runnable how) {
        if (!redis.isOurs()) {
            return Problems.answer(
                    HttpStatus.CONFLICT, "redis-not-ours", "Redis was given by --redis and is not the demo's to stop");
        }
        how.run();
        return ResponseEntity.ok(Map.of("redisRunning", redis.isRunning()));
    }
}
