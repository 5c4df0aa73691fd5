package dev.aside.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.aside.cache.annotation.CacheInvalidate;
import dev.aside.cache.annotation.CacheKey;
import dev.aside.cache.annotation.CachePut;
import dev.aside.cache.annotation.Cached;
import dev.aside.cache.annotation.CachedBatch;
import dev.aside.cache.annotation.CallCondition;
import dev.aside.cache.annotation.Fenced;
import dev.aside.cache.annotation.KeyGenerator;
import dev.aside.cache.annotation.ResultCondition;
import dev.aside.cache.spi.CacheConfigurationException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything a user can write that cannot work, with the words that say so. */
class WrongConfigurationTest {

    record Customer(long id, String name) {}

    record Order(String number, Customer customer) {}

    interface UnknownParameter {
        @Cached(name = "c", key = "skuu")
        String find(String sku, int page);
    }

    interface UnknownStep {
        @Cached(name = "c", key = "order.customer.ident")
        String find(Order order);
    }

    interface KeyTwice {
        @Cached(name = "c", key = "sku")
        String find(@CacheKey String sku);
    }

    interface UnknownPolicy {
        @Cached(name = "c", policy = "refrence")
        String find(String sku);
    }

    interface TtlOutside {
        @Cached(name = "c", policy = "reference", ttl = "2h")
        String find(String sku);
    }

    interface LocalTtlTooLong {
        @Cached(name = "c", ttl = "1m", localTtl = "2m")
        String find(String sku);
    }

    interface MalformedDuration {
        @Cached(name = "c", ttl = "10 minutes")
        String find(String sku);
    }

    interface NoName {
        @Cached
        String find(String sku);
    }

    interface BadName {
        @Cached(name = "my cache")
        String find(String sku);
    }

    interface NoResult {
        @Cached(name = "c")
        void find(String sku);
    }

    interface Streamed {
        @Cached(name = "c")
        Stream<String> find(String sku);
    }

    interface Iterated {
        @Cached(name = "c")
        Iterator<String> find(String sku);
    }

    interface Futured {
        @Cached(name = "c")
        Future<String> find(String sku);
    }

    interface OpenType<T> {
        @Cached(name = "c")
        T find(String sku);
    }

    interface TwoKinds {
        @Cached(name = "c")
        @CacheInvalidate(name = "c")
        String find(String sku);
    }

    interface TwoValueTypes {
        @Cached(name = "c")
        String find(String sku);

        @Cached(name = "c")
        Integer count(String sku);
    }

    interface TwoKeyTypes {
        @Cached(name = "c")
        String find(int id);

        @CacheInvalidate(name = "c", key = "id")
        void drop(long id);
    }

    interface TwoPolicies {
        @Cached(name = "c", policy = "reference")
        String find(String sku);

        @CachedBatch(name = "c", policy = "aggregate")
        Map<String, String> findAll(List<String> skus);
    }

    interface TwoTtls {
        @Cached(name = "c", ttl = "1m")
        String find(String sku);

        @Cached(name = "c", ttl = "2m")
        String search(String sku);
    }

    interface KeyAndAll {
        @CacheInvalidate(name = "c", key = "sku", allEntries = true)
        void drop(String sku);
    }

    interface BatchOfOne {
        @CachedBatch(name = "c")
        Map<String, String> findAll(String sku);
    }

    interface BatchWithMore {
        @CachedBatch(name = "c", key = "skus")
        Map<String, String> findAll(List<String> skus, String locale);
    }

    interface BatchWithoutKeyOf {
        @CachedBatch(name = "c")
        List<Customer> findAll(Collection<Long> ids);
    }

    interface BatchOtherKeys {
        @CachedBatch(name = "c")
        Map<Integer, Customer> findAll(Collection<Long> ids);
    }

    interface Nothing {
        String find(String sku);
    }

    interface Static {
        @Cached(name = "c")
        static String find(String sku) {
            return sku;
        }

        @Cached(name = "c")
        String other(String sku);
    }

    public static final class Numbers implements ResultCondition<Number> {
        @Override
        public boolean test(Number value) {
            return false;
        }
    }

    interface UnlessOfOtherType {
        @Cached(name = "c", unless = Numbers.class)
        String find(String sku);
    }

    static final class Demanding implements CallCondition {
        Demanding(String demand) {}

        @Override
        public boolean test(Method method, List<Object> arguments) {
            return true;
        }
    }

    interface ConditionNotMade {
        @Cached(name = "c", condition = Demanding.class)
        String find(String sku);
    }

    interface KeyTwoWays {
        @Cached(name = "c", keyGenerator = AnyStringKey.class, key = "sku")
        String find(String sku);
    }

    static final class AnyStringKey implements KeyGenerator<String> {
        @Override
        public String key(Method method, List<Object> arguments) {
            return "k";
        }
    }

    interface NegativeBatch {
        @CachedBatch(name = "c", maxBatch = -1)
        Map<String, String> findAll(List<String> skus);
    }

    @Retention(RetentionPolicy.RUNTIME)
    @Cached(name = "c")
    @interface OddTtl {
        int ttl() default 5;
    }

    interface MetaOfOtherType {
        @OddTtl
        String find(String sku);
    }

    interface PutsNothing {
        @CachePut(name = "c", key = "sku")
        void save(String sku);
    }

    interface PutUnknownValue {
        @CachePut(name = "c", key = "sku", value = "prodct")
        String save(String sku, Customer product);
    }

    interface PutByResult {
        @CachePut(name = "c", key = "result.id")
        Customer save(String name);
    }

    interface PutOpen<T> {
        @CachePut(name = "c", key = "sku")
        T save(String sku);
    }

    interface ReadAndPut {
        @Cached(name = "c")
        @CachePut(name = "c")
        String find(String sku);
    }

    interface TagUnknownPath {
        @Cached(name = "c", tags = "name:{result.nam}")
        Customer find(String sku);
    }

    interface TagUnknownStart {
        @Cached(name = "c", tags = "sku:{product}")
        Customer find(String sku);
    }

    interface TagOpenBrace {
        @Cached(name = "c", tags = "sku:{sku")
        Customer find(String sku);
    }

    interface TagStrayBrace {
        @Cached(name = "c", tags = "sku:{sku}}")
        Customer find(String sku);
    }

    interface TagBlank {
        @Cached(
                name = "c",
                tags = {"all", " "})
        Customer find(String sku);
    }

    interface TagOfObject {
        @Cached(name = "c", tags = "customer:{result}")
        Customer find(String sku);
    }

    interface TagOfParameterInBatch {
        @CachedBatch(name = "c", tags = "sku:{skus}")
        Map<String, Customer> findAll(List<String> skus);
    }

    interface TagsAndAll {
        @CacheInvalidate(name = "c", tags = "all", allEntries = true)
        void drop(String sku);
    }

    interface FencedAll {
        @CacheInvalidate(name = "c", allEntries = true, fenced = Fenced.PREFERRED)
        void drop(String sku);
    }

    interface FencedTags {
        @CacheInvalidate(name = "c", tags = "all", fenced = Fenced.REQUIRED)
        void drop(String sku);
    }

    interface PutsStream {
        @CachePut(name = "c", key = "sku")
        Stream<String> save(String sku);
    }

    interface PutsMany {
        @CachePut(name = "c", key = "skus", value = "value")
        void save(List<String> skus, String value);
    }

    interface PutsAndInvalidates {
        @CachePut(name = "c", key = "sku", value = "value")
        @CacheInvalidate(name = "c", key = "sku")
        void save(String sku, String value);
    }

    interface BadTagCacheName {
        @CacheInvalidate(name = "bad name!", tags = "x")
        void drop(String sku);
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                arguments(
                        PutsStream.class,
                        "the return type java.util.stream.Stream<java.lang.String> cannot be cached: it can be read once"
                                + " or is not there yet\n    for @CachePut on PutsStream.save(String) [hint: return the"
                                + " value itself, a collection, or a CompletableFuture of it]"),
                arguments(
                        PutsMany.class,
                        "a put has one key, not a collection of keys\n    for @CachePut on PutsMany.save(List, String)"
                                + " [hint: key = \"product.sku\"]"),
                arguments(
                        PutsAndInvalidates.class,
                        "the method puts and writes the same key of cache 'c' once more, so that the value would never"
                                + " be kept\n    for @CachePut on PutsAndInvalidates.save(String, String) [hint: drop one"
                                + " of the two]"),
                arguments(
                        BadTagCacheName.class,
                        "'bad name!' is not a cache name [hint: 1 to 100 letters, digits and . _ - starting with a letter"
                                + " or digit]"),
                arguments(
                        PutsNothing.class,
                        "a method without a result puts nothing\n    for @CachePut on PutsNothing.save(String) [hint:"
                                + " value = \"product\", or return the value, or @CacheInvalidate]"),
                arguments(
                        PutUnknownValue.class,
                        "value path 'prodct' begins with no parameter\n    for @CachePut on PutUnknownValue.save(String,"
                                + " Customer) [hint: the parameters are sku, product; it may also begin with result]"),
                arguments(
                        PutByResult.class,
                        "key path 'result.id' begins with no parameter\n    for @CachePut on PutByResult.save(String)"
                                + " [hint: the parameters are name]"),
                arguments(
                        PutOpen.class,
                        "the value type T is not known here\n    for @CachePut on PutOpen.save(String) [hint: declare the"
                                + " method with its actual types]"),
                arguments(
                        ReadAndPut.class,
                        "a method either reads or writes: its annotations contradict each other\n    for @Cached on"
                                + " ReadAndPut.find(String) [hint: use @Cached, or @CachedBatch, or any of @CachePut and"
                                + " @CacheInvalidate]"),
                arguments(
                        TagUnknownPath.class,
                        "tag path 'result.nam' leads nowhere: Customer has no 'nam'\n    for @Cached on"
                                + " TagUnknownPath.find(String) [hint: it has id, name]"),
                arguments(
                        TagUnknownStart.class,
                        "tag path 'product' begins with no parameter\n    for @Cached on TagUnknownStart.find(String)"
                                + " [hint: the parameters are sku; it may also begin with key or result]"),
                arguments(
                        TagOpenBrace.class,
                        "tag 'sku:{sku' opens a brace and does not close it\n    for @Cached on TagOpenBrace.find(String)"
                                + " [hint: \"country:{country}\"]"),
                arguments(
                        TagStrayBrace.class,
                        "tag 'sku:{sku}}' closes a brace that it did not open\n    for @Cached on"
                                + " TagStrayBrace.find(String) [hint: \"country:{country}\"]"),
                arguments(
                        TagBlank.class,
                        "a tag is blank\n    for @Cached on TagBlank.find(String) [hint: tags ="
                                + " \"country:{result.country}\"]"),
                arguments(
                        TagOfObject.class,
                        "tag 'customer:{result}' would be made of a " + Customer.class.getTypeName()
                                + "\n    for @Cached on TagOfObject.find(String) [hint: lead the path to a string,"
                                + " number, boolean, enum or UUID, or a collection of them]"),
                arguments(
                        TagOfParameterInBatch.class,
                        "tag path 'skus' begins with no parameter\n    for @CachedBatch on"
                                + " TagOfParameterInBatch.findAll(List) [hint: begin with key or result]"),
                arguments(
                        TagsAndAll.class,
                        "tags 'all' and allEntries contradict each other\n    for @CacheInvalidate on"
                                + " TagsAndAll.drop(String) [hint: drop one of them]"),
                arguments(
                        FencedAll.class,
                        "fenced PREFERRED and allEntries contradict each other\n    for @CacheInvalidate on"
                                + " FencedAll.drop(String) [hint: drop one of them]"),
                arguments(
                        FencedTags.class,
                        "fenced REQUIRED has no key to announce\n    for @CacheInvalidate on FencedTags.drop(String)"
                                + " [hint: name the key, or drop fenced: a tag's keys are not known beforehand]"),
                arguments(
                        UnlessOfOtherType.class,
                        "unless Numbers looks at values of type java.lang.Number, but the method's are of type"
                                + " java.lang.String\n    for @Cached on UnlessOfOtherType.find(String) [hint: implement"
                                + " ResultCondition of the value's type, without the Optional or stage around it]"),
                arguments(
                        ConditionNotMade.class,
                        "condition Demanding cannot be made\n    for @Cached on ConditionNotMade.find(String) [hint: a"
                                + " public class that is not an inner one, with a constructor without parameters that"
                                + " does not throw]"),
                arguments(
                        KeyTwoWays.class,
                        "key 'sku' and keyGenerator AnyStringKey contradict each other\n    for @Cached on"
                                + " KeyTwoWays.find(String) [hint: drop one of them]"),
                arguments(
                        NegativeBatch.class,
                        "maxBatch -1 is negative\n    for @CachedBatch on NegativeBatch.findAll(List) [hint: maxBatch ="
                                + " 100, or 0 for any number]"),
                arguments(
                        MetaOfOtherType.class,
                        "attribute 'ttl' of @OddTtl is a int, but the one of @Cached is a String [hint: give it another"
                                + " name or the same type]"),
                arguments(
                        UnknownParameter.class,
                        "key path 'skuu' begins with no parameter\n    for @Cached on UnknownParameter.find(String, int)"
                                + " [hint: the parameters are sku, page]"),
                arguments(
                        UnknownStep.class,
                        "key path 'order.customer.ident' leads nowhere: Customer has no 'ident'\n"
                                + "    for @Cached on UnknownStep.find(Order) [hint: it has id, name]"),
                arguments(
                        KeyTwice.class,
                        "key 'sku' and @CacheKey on a parameter contradict each other\n"
                                + "    for @Cached on KeyTwice.find(String) [hint: drop one of them]"),
                arguments(
                        UnknownPolicy.class,
                        "there is no policy 'refrence'\n    for @Cached on UnknownPolicy.find(String) [hint: there are"
                                + " aggregate, default, permissions, reference; add your own with"
                                + " Caches.builder().policy(...)]"),
                arguments(
                        TtlOutside.class,
                        "ttl 2h is outside the bounds 5m..1h\n    for policy 'reference' [hint: choose a ttl within the"
                                + " bounds, or another policy]\n    for cache 'c' @Cached on TtlOutside.find(String)"),
                arguments(
                        LocalTtlTooLong.class,
                        "localTtl 2m is longer than ttl 1m\n    for policy 'default' [hint: the copy in a process may"
                                + " not outlive the value]\n    for cache 'c' @Cached on LocalTtlTooLong.find(String)"),
                arguments(
                        MalformedDuration.class,
                        "'10 minutes' is not a duration\n    for ttl of @Cached on MalformedDuration.find(String)"
                                + " [hint: whole numbers with the units d, h, m, s, ms, largest first: 250ms, 30s, 10m,"
                                + " 2h5m]"),
                arguments(
                        NoName.class,
                        "the cache has no name\n    for @Cached on NoName.find(String) [hint: name = \"product\", or"
                                + " @CacheConfig(name = ...) on the type]"),
                arguments(
                        BadName.class,
                        "'my cache' is not a cache name [hint: 1 to 100 letters, digits and . _ - starting with a"
                                + " letter or digit]"),
                arguments(
                        NoResult.class,
                        "a method without a result cannot be cached\n    for @Cached on NoResult.find(String) [hint:"
                                + " return the value, or use @CacheInvalidate]"),
                arguments(
                        Streamed.class,
                        "the return type java.util.stream.Stream<java.lang.String> cannot be cached: it can be read"
                                + " once or is not there yet\n    for @Cached on Streamed.find(String) [hint: return the"
                                + " value itself, a collection, or a CompletableFuture of it]"),
                arguments(
                        Iterated.class,
                        "the return type java.util.Iterator<java.lang.String> cannot be cached: it can be read once or"
                                + " is not there yet\n    for @Cached on Iterated.find(String) [hint: return the value"
                                + " itself, a collection, or a CompletableFuture of it]"),
                arguments(
                        Futured.class,
                        "the return type java.util.concurrent.Future<java.lang.String> cannot be cached: it can be read"
                                + " once or is not there yet\n    for @Cached on Futured.find(String) [hint: return the"
                                + " value itself, a collection, or a CompletableFuture of it]"),
                arguments(
                        OpenType.class,
                        "the value type T is not known here\n    for @Cached on OpenType.find(String) [hint: declare the"
                                + " method with its actual type in the interface given to the proxy]"),
                arguments(
                        TwoKinds.class,
                        "a method either reads or writes: its annotations contradict each other\n    for @Cached on"
                                + " TwoKinds.find(String) [hint: use @Cached, or @CachedBatch, or any of @CachePut and"
                                + " @CacheInvalidate]"),
                arguments(
                        KeyAndAll.class,
                        "key 'sku' and allEntries contradict each other\n    for @CacheInvalidate on"
                                + " KeyAndAll.drop(String) [hint: drop one of them]"),
                arguments(
                        BatchOfOne.class,
                        "the keys are a java.lang.String\n    for @CachedBatch on BatchOfOne.findAll(String) [hint: take"
                                + " a Collection, List or Set of keys]"),
                arguments(
                        BatchWithMore.class,
                        "a batch method takes its keys and nothing else\n    for @CachedBatch on"
                                + " BatchWithMore.findAll(List, String) [hint: one parameter, such as"
                                + " Collection<String> skus; the other values belong into the key]"),
                arguments(
                        BatchWithoutKeyOf.class,
                        "keyOf is missing: nothing says which " + Customer.class.getTypeName()
                                + " belongs to which key\n    for @CachedBatch on BatchWithoutKeyOf.findAll(Collection)"
                                + " [hint: keyOf = \"id\", or return a Map]"),
                arguments(
                        BatchOtherKeys.class,
                        "the map has keys of type java.lang.Integer, the parameter of java.lang.Long\n    for"
                                + " @CachedBatch on BatchOtherKeys.findAll(Collection) [hint: return"
                                + " Map<java.lang.Long, V>]"),
                arguments(
                        Static.class,
                        "a static or private method does not go through a proxy\n    for @Cached on Static.find(String)"
                                + " [hint: make it an instance method]"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void proxy_wrongAnnotation_isRefusedInOneSentence(Class<?> type, String message) {
        try (Caches caches = Level.REMOTE.caches().build()) {
            assertThatThrownBy(() -> proxy(caches, type))
                    .isExactlyInstanceOf(CacheConfigurationException.class)
                    .hasMessage(message);
        }
    }

    @Test
    void proxy_oneNameForTwoThings_isRefused() {
        try (Caches caches = Caches.builder().build()) {
            assertThatThrownBy(() -> proxy(caches, TwoValueTypes.class))
                    .hasMessageContaining("cache 'c' holds values of type java.lang.")
                    .hasMessageContaining("[hint: one cache has one value type; give the other a name of its own]");
        }
        try (Caches caches = Caches.builder().build()) {
            assertThatThrownBy(() -> proxy(caches, TwoKeyTypes.class))
                    .hasMessageContaining("cache 'c' has keys of type java.lang.Integer, not java.lang.Long\n    for"
                            + " @CacheInvalidate on TwoKeyTypes.drop(long)");
        }
        try (Caches caches = Caches.builder().build()) {
            assertThatThrownBy(() -> proxy(caches, TwoPolicies.class))
                    .hasMessageContaining("cache 'c' is given two values of policy: ");
        }
        try (Caches caches = Caches.builder().build()) {
            assertThatThrownBy(() -> proxy(caches, TwoTtls.class))
                    .hasMessageContaining("cache 'c' is given two values of ttl: ");
        }
    }

    interface OtherTags {
        @Cached(name = "c", tags = "sku:{key}")
        String find(String sku);

        @CachedBatch(name = "c")
        Map<String, String> findAll(List<String> skus);
    }

    interface Tagged {
        @Cached(name = "c", tags = "sku:{key}")
        String find(String sku);
    }

    @Test
    void proxy_oneCacheWithDifferentTags_isRefused() {
        try (Caches caches = Caches.builder().build()) {
            assertThatThrownBy(() -> proxy(caches, OtherTags.class))
                    .hasMessageContaining("cache 'c' is given different tags: ")
                    .hasMessageContaining(
                            "[hint: give the same tags in both places; {key} and {result} mean the same in" + " each]");
            proxy(caches, Tagged.class);
            assertThatThrownBy(() -> caches.cache("c", String.class, String.class))
                    .hasMessageStartingWith(
                            "cache 'c' has policy 'default', tags [sku:{key}], not policy 'default'\n    for");
        }
    }

    @Test
    void cache_nameInUseOtherwise_isRefused() {
        try (Caches caches = Caches.builder().build()) {
            caches.cache("c", String.class, String.class);
            assertThat(caches.cache("c", String.class, String.class))
                    .isSameAs(caches.all().get(0));
            assertThatThrownBy(() -> caches.cache("c", String.class, Integer.class))
                    .hasMessageStartingWith("cache 'c' holds values of type java.lang.String, not java.lang.Integer");
            assertThatThrownBy(() -> caches.cache("c", String.class, String.class, "reference"))
                    .hasMessageStartingWith("cache 'c' has policy 'default', not policy 'reference'");
            assertThatThrownBy(() -> caches.cache("d", long.class, String.class))
                    .hasMessageStartingWith("a primitive type cannot be a key or value");
        }
    }

    @Test
    void proxy_notAnInterface_isRefused() {
        try (Caches caches = Caches.builder().build()) {
            assertThatThrownBy(() -> caches.proxy(String.class, "text"))
                    .hasMessage("'java.lang.String' is not an interface, so no proxy can stand before it [hint: put the"
                            + " annotated methods on an interface and give that]");
        }
    }

    @Test
    void proxy_nothingAnnotated_isRefused() {
        try (Caches caches = Caches.builder().build()) {
            assertThatThrownBy(() -> caches.proxy(Nothing.class, sku -> sku))
                    .hasMessageStartingWith("no method of " + Nothing.class.getName() + " is annotated");
        }
    }

    static class Hidden implements Nothing {
        @Override
        public String find(String sku) {
            return sku;
        }

        @Cached(name = "c")
        public String search(String text) {
            return text;
        }
    }

    @Test
    void proxy_annotatedMethodOutsideTheInterface_isRefused() {
        try (Caches caches = Caches.builder().build()) {
            assertThatThrownBy(() -> caches.proxy(Nothing.class, new Hidden()))
                    .hasMessage("the method is not part of " + Nothing.class.getName()
                            + ", so the proxy never sees it called\n    for @Cached on Hidden.search(String)"
                            + " [hint: declare it in the interface]");
        }
    }

    @Test
    void policy_contradiction_isRefused() {
        assertThatThrownBy(() -> TtlPolicy.reference().toBuilder()
                        .ttl(Duration.ofHours(2))
                        .build())
                .hasMessageStartingWith("ttl 2h is outside the bounds 5m..1h\n    for policy 'reference'");
        assertThatThrownBy(() -> TtlPolicy.named("p").jitter(0.6))
                .hasMessageStartingWith("jitter 0.6 is not between 0.0 and 0.5\n    for policy 'p'");
        assertThatThrownBy(() -> TtlPolicy.named("p").ttl(Duration.ZERO))
                .hasMessageStartingWith("ttl PT0S is not between 1ms and 365d");
        assertThatThrownBy(() -> TtlPolicy.permissions().toBuilder()
                        .staleIfError(Duration.ofMinutes(1))
                        .build())
                .hasMessageStartingWith("coherence STRICT and staleIfError 1m contradict each other");
        assertThatThrownBy(() -> TtlPolicy.named("p")
                        .ttl(Duration.ofSeconds(1))
                        .nullTtl(Duration.ofSeconds(2))
                        .build())
                .hasMessageStartingWith("nullTtl 2s is longer than ttl 1s");
        assertThatThrownBy(() ->
                        TtlPolicy.named("p").softTimeout(Duration.ofMillis(50)).build())
                .hasMessageStartingWith("softTimeout 50ms has no old value to serve");
        assertThatThrownBy(() -> TtlPolicy.reference().toBuilder()
                        .softTimeout(Duration.ofSeconds(2))
                        .hardTimeout(Duration.ofSeconds(1))
                        .build())
                .hasMessageStartingWith("softTimeout 2s is not shorter than hardTimeout 1s");
        assertThatThrownBy(() -> TtlPolicy.named("p").maxConcurrentLoads(0))
                .hasMessageStartingWith("maxConcurrentLoads 0 is not a positive number");
        assertThatThrownBy(() -> TtlPolicy.named("p").loadBreaker(1.5, 10, Duration.ofSeconds(1)))
                .hasMessageStartingWith("failure share 1.5 is not between 0.01 and 1.0");
        assertThatThrownBy(() -> TtlPolicy.named("p").loadBreaker(0.5, 0, Duration.ofSeconds(1)))
                .hasMessageStartingWith("the number of calls 0 is not positive");
        assertThatThrownBy(() -> TtlPolicy.named("p").maximumWeight(0, value -> 1))
                .hasMessageStartingWith("maximumWeight 0 is not a positive number");
        assertThatThrownBy(() -> TtlPolicy.named("p").maximumSize(0)).hasMessageStartingWith("maximumSize 0 is not");
        assertThatThrownBy(() -> Caches.builder().policy(TtlPolicy.reference()).policy(TtlPolicy.reference()))
                .hasMessageStartingWith("policy 'reference' was added twice");
    }

    @Test
    void replace_contradictingACache_changesNothing() {
        try (Caches caches = Caches.builder().build()) {
            proxy(caches, TwentyMinutes.class);
            TtlPolicy shorter = TtlPolicy.reference().toBuilder()
                    .ttl(Duration.ofMinutes(5))
                    .bounds(Duration.ofMinutes(5), Duration.ofMinutes(10))
                    .build();
            assertThatThrownBy(() -> caches.policies().replace(shorter))
                    .hasMessageContaining("ttl 20m is outside the bounds 5m..10m")
                    .hasMessageContaining("for cache 'c'");
            assertThat(caches.policies().get("reference")).isEqualTo(TtlPolicy.reference());
            assertThatThrownBy(() -> caches.policies()
                            .replace(TtlPolicy.named("unheard-of").build()))
                    .hasMessageStartingWith("there is no policy 'unheard-of'");
        }
    }

    interface TwentyMinutes {
        @Cached(name = "c", policy = "reference", ttl = "20m")
        String find(String sku);
    }

    private static <T> T proxy(Caches caches, Class<T> type) {
        Object target =
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> null);
        return caches.proxy(type, type.cast(target));
    }
}
