package dev.aside.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.cache.Caches;
import dev.aside.cache.TtlPolicy;
import dev.aside.spring.AsideProperties.LoadBreaker;
import dev.aside.spring.AsideProperties.Policy;
import dev.aside.spring.AsideProperties.SpringCache;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.json.JsonParserFactory;

/** What an IDE is told of the properties, and what their page says. */
class MetadataTest {
    private static final Path PAGE = Path.of("..", "docs", "spring-configuration.md");

    private final Map<String, Object> metadata = read();

    @Test
    void metadata_everyProperty_hasADescription() {
        assertThat(list("properties"))
                .hasSizeGreaterThan(25)
                .allSatisfy(property -> assertThat(property.get("description"))
                        .as("%s", property.get("name"))
                        .isInstanceOf(String.class)
                        .asString()
                        .isNotBlank());
    }

    @Test
    void metadata_redisAndSpringCache_areComplete() {
        List<Object> names = list("properties").stream()
                .map(property -> property.get("name"))
                .toList();
        assertThat(names)
                .containsAll(below("aside.redis", AsideProperties.Redis.class))
                .containsAll(below("aside.spring-cache", AsideProperties.SpringCaches.class))
                .containsAll(below("aside.annotations", AsideProperties.Annotations.class))
                .contains("aside.policies", "aside.event-loop-guard");
    }

    @Test
    void metadata_offload_isComplete() {
        assertThat(list("properties").stream().map(property -> property.get("name")))
                .containsAll(below("aside.offload.http", AsideProperties.Http.class));
    }

    @Test
    void page_everyPropertyOfOffloadedWork_isInATable() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "spring-offload.md"));
        assertThat(list("properties").stream()
                        .map(property -> (String) property.get("name"))
                        .filter(name -> name.startsWith("aside.offload."))
                        .filter(name -> !name.equals("aside.offload.types"))
                        .filter(name -> !name.startsWith("aside.offload.redis.")))
                .hasSizeGreaterThan(15)
                .allSatisfy(name -> assertThat(page).contains("| `" + name + "` |"));
        assertThat(PropertyNames.below(AsideProperties.JobType.class))
                .allSatisfy(name -> assertThat(page).contains("`" + name + "`"));
    }

    @Test
    void page_everyPropertyOfJobsInRedis_isInATable() throws IOException {
        String page = Files.readString(PAGE);
        assertThat(PropertyNames.below(AsideProperties.JobRedis.class))
                .allSatisfy(name -> assertThat(page).contains("| `aside.offload.redis." + name + "` |"));
    }

    @Test
    void metadata_policyNames_areThePresets() {
        try (Caches caches = Caches.builder().build()) {
            List<Object> presets = caches.policies().all().stream()
                    .map(TtlPolicy::name)
                    .map(Object.class::cast)
                    .toList();
            assertThat(hinted("aside.policies.keys")).containsExactlyInAnyOrderElementsOf(presets);
            assertThat(hinted("aside.spring-cache.policy")).containsExactlyInAnyOrderElementsOf(presets);
        }
    }

    @Test
    void metadata_defaultsOfTheLibrary_areTold() {
        assertThat(list("properties"))
                .anySatisfy(property -> assertThat(property)
                        .containsEntry("name", "aside.redis.stale-bound")
                        .containsEntry("defaultValue", "1s"));
    }

    @Test
    void page_everyPropertyOfCaches_isInATable() throws IOException {
        String page = Files.readString(PAGE);
        Stream<String> named = list("properties").stream()
                .map(property -> (String) property.get("name"))
                .filter(name -> name.startsWith("aside.") && !name.startsWith("aside.offload."))
                .filter(name ->
                        !List.of("aside.policies", "aside.spring-cache.caches").contains(name));
        Stream<String> ofOnePolicy = Stream.concat(
                PropertyNames.below(Policy.class).stream(), PropertyNames.below(SpringCache.class).stream());
        Stream<String> ofOneBreaker =
                PropertyNames.below(LoadBreaker.class).stream().map("load-breaker."::concat);
        assertThat(Stream.of(named, ofOnePolicy.filter(name -> !name.equals("load-breaker")), ofOneBreaker)
                        .flatMap(names -> names))
                .allSatisfy(name -> assertThat(page).contains("| `" + name + "` |"));
    }

    private static List<Object> below(String prefix, Class<?> group) {
        return PropertyNames.below(group).stream()
                .map(name -> (Object) (prefix + "." + name))
                .toList();
    }

    private List<Object> hinted(String name) {
        return list("hints").stream()
                .filter(hint -> name.equals(hint.get("name")))
                .flatMap(hint -> maps(hint.get("values")).stream())
                .map(value -> value.get("value"))
                .toList();
    }

    private List<Map<String, Object>> list(String part) {
        return maps(metadata.get(part));
    }

    @SuppressWarnings("unchecked") // as the format has it
    private static List<Map<String, Object>> maps(Object list) {
        return (List<Map<String, Object>>) list;
    }

    /** The file of this module: other modules have one of the same name. */
    private static Map<String, Object> read() {
        try {
            URI classes = AsideProperties.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI();
            URI file = URI.create(classes + "META-INF/spring-configuration-metadata.json");
            try (InputStream json = file.toURL().openStream()) {
                return JsonParserFactory.getJsonParser()
                        .parseMap(new String(json.readAllBytes(), StandardCharsets.UTF_8));
            }
        } catch (IOException | URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
