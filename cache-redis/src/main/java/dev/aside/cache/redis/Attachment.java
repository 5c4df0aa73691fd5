package dev.aside.cache.redis;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Ties all shards to the history of the server behind a link. */
final class Attachment {
    private Attachment() {}

    /** Where a shard stands. */
    record Position(String generation, long sequence, String history) {}

    /** Log thread only: it reads the positions reached. */
    static CompletableFuture<List<Position>> run(Link link, Layout layout, List<Shard> shards) {
        Pipeline pipeline = link.pipeline();
        pipeline.learnScripts();
        List<CompletableFuture<List<Object>>> replies = new ArrayList<>();
        for (Shard shard : shards) {
            replies.add(pipeline.eval(
                    Script.ATTACH,
                    List.of(shard.meta(), shard.log()),
                    Tokens.generation(),
                    layout.shards(),
                    shard.generation(),
                    shard.latest()));
        }
        pipeline.send();
        return CompletableFuture.allOf(replies.toArray(CompletableFuture[]::new))
                .thenApply(done -> replies.stream()
                        .map(reply -> position(layout, reply.join()))
                        .toList());
    }

    private static Position position(Layout layout, List<Object> reply) {
        long shards = (Long) reply.get(3);
        if (shards != layout.shards()) {
            throw new RedisStartException.OtherLayout(layout, shards);
        }
        return new Position(text(reply.get(0)), (Long) reply.get(1), text(reply.get(2)));
    }

    static String text(Object bytes) {
        return new String((byte[]) bytes, StandardCharsets.UTF_8);
    }
}
