package dev.aside.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenCachesTest {
    private final RecordingNode node = new RecordingNode();
    private final OpenCaches caches = new OpenCaches(new Events(List.of(), "test"));
    private final OpenCaches.Followed cache = caches.open("c", KeyTextTest.codec(String.class), node);

    private void apply(String name, String logKey) {
        caches.apply(name, logKey.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void apply_key_isToldToItsCacheOnly() {
        apply("c", ":a");
        apply("other", ":b");

        assertThat(node.invalidated).containsExactly("a");
    }

    @Test
    void apply_hash_isToldIfTheKeyWasLookedUp() {
        String key = "x".repeat(1000);
        KeyName name = KeyName.of(key);
        apply("c", name.logKey());
        assertThat(node.invalidated).isEmpty();

        cache.remember(name, key);
        apply("c", name.logKey());

        assertThat(node.invalidated).containsExactly(key);
        assertThat(node.cleared.get()).isZero();
    }

    @Test
    void apply_tag_isToldAsItWasGiven() {
        apply("c", "@country:GB");
        apply("c", "@a\\|b");
        apply("other", "@not here");

        assertThat(node.tags).containsExactly("country:GB", "a|b");
        assertThat(node.invalidated).isEmpty();
    }

    /** What a later version may write there, too: unknown kinds and tags that are none clear the cache. */
    @Test
    void apply_unknownKind_clears() {
        String[] unknown = {"!", "!k", "@a|b", "@\\N", "@\\x", "", "k"};
        for (String logKey : unknown) {
            apply("c", logKey);
        }

        assertThat(node.cleared.get()).isEqualTo(unknown.length);
        assertThat(node.tags).isEmpty();
    }

    @Test
    void apply_clear_clears() {
        apply("c", "*");

        assertThat(node.cleared.get()).isEqualTo(1);
    }

    @Test
    void hashedKeys_beyondTheLimit_clearTheCache() {
        for (int i = 0; i <= OpenCaches.MAX_HASHED; i++) {
            cache.remember(new KeyName("#" + i, "text"), i);
        }

        assertThat(node.cleared.get()).isEqualTo(1);
        apply("c", "#0");
        apply("c", "#" + OpenCaches.MAX_HASHED);
        assertThat(node.invalidated).containsExactly(OpenCaches.MAX_HASHED);
    }

    @Test
    void open_twice_isRefused() {
        assertThatThrownBy(() -> caches.open("c", KeyTextTest.codec(String.class), node))
                .hasMessage("the cache 'c' is open already");
    }
}
