package dev.aside.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aside.cache.redis.BodyFormat.FormatException;
import dev.aside.cache.redis.BodyFormat.Tagged;
import dev.aside.cache.redis.EntryFormat.Live;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Bytes that leave the process: the golden file holds what version 1 writes, for ever. */
class FormatTest {
    private static final long END = 1_700_000_003_000L;
    private static final String STAMP = "generation1randomness1";
    private static final KeyName KEY = KeyName.of("SKU-1");
    private static final KeyName LONG_KEY = KeyName.of("k".repeat(600));

    record Product(String sku, BigDecimal price, Instant since, Optional<String> note) {}

    private static final Product PRODUCT = new Product(
            "SKU-1", new BigDecimal("9.50"), Instant.parse("2024-01-02T03:04:05.000000006Z"), Optional.empty());

    private static final JacksonCodec CODEC = JacksonCodec.create();
    private static final ValueCodec.Typed PRODUCTS = CODEC.bind(Product.class);
    private static final ValueCodec.Typed TEXTS = CODEC.bind(String.class);

    private static BodyFormat format(int compressAbove, int maxBytes) {
        return new BodyFormat(CODEC.id(), PRODUCTS, compressAbove, maxBytes);
    }

    private static BodyFormat texts(int compressAbove, int maxBytes) {
        return new BodyFormat(CODEC.id(), TEXTS, compressAbove, maxBytes);
    }

    @Test
    void goldenBytes_ofVersion1_areWrittenAndRead() throws Exception {
        Properties golden = golden();

        assertGolden(golden, "value", format(1000, 1000), PRODUCT, KEY);
        assertGolden(golden, "absent", format(1000, 1000), null, KEY);
        assertGolden(golden, "hashedKey", format(1000, 1000), PRODUCT, LONG_KEY);
        byte[] deflated = HexFormat.of().parseHex(golden.getProperty("deflated"));
        assertThat(texts(10, 1000).decode(deflated, EntryFormat.PREFIX, KEY).value())
                .isEqualTo("a".repeat(100));
    }

    @Test
    void goldenNames_ofVersion1_areTheSame() throws IOException {
        Properties golden = golden();
        Layout layout = new Layout("shop", 16);
        int shard = layout.shardOf(KEY.logKey());

        assertThat(layout.meta(shard)).isEqualTo(golden.getProperty("name.meta"));
        assertThat(layout.log(shard)).isEqualTo(golden.getProperty("name.log"));
        assertThat(layout.stamp(shard, "product")).isEqualTo(golden.getProperty("name.stamp"));
        String shape = RedisTier.shape(1, PRODUCTS.shape());
        assertThat(layout.entry(shard, "product", shape, KEY.logKey())).isEqualTo(golden.getProperty("name.entry"));
        assertThat(LONG_KEY.logKey()).isEqualTo(golden.getProperty("logKey.hashed"));
    }

    @Test
    void goldenBytes_ofTags_areWrittenAndRead() throws Exception {
        Properties golden = golden("golden-v1-tags.properties");
        Tagged tagged = new Tagged(0x0102030405060708L, Tags.texts(List.of("country:GB", "a|b", "ö")));

        for (KeyName key : List.of(KEY, LONG_KEY)) {
            byte[] entry =
                    EntryFormat.value(STAMP, 1000, 2000, texts(1000, 1000).encode("v", key, tagged));

            assertThat(HexFormat.of().formatHex(entry))
                    .isEqualTo(golden.getProperty(key.hashed() ? "hashedKey" : "value"));
            assertThat(BodyFormat.tagged(entry, EntryFormat.PREFIX)).isEqualTo(tagged);
            BodyFormat.Content content = texts(1000, 1000).decode(entry, EntryFormat.PREFIX, key);
            assertThat(content.value()).isEqualTo("v");
            assertThat(Tags.tags(content.tags())).containsExactly("country:GB", "a|b", "ö");
        }
        byte[] absent = texts(1000, 1000).encode(null, KEY, tagged);
        assertThat(texts(1000, 1000).decode(absent, 0, KEY)).isEqualTo(new BodyFormat.Content(null, tagged.texts()));
    }

    @Test
    void goldenNames_ofTagsAndWriters_areTheSame() throws IOException {
        Properties golden = golden("golden-v1-tags.properties");
        Layout layout = new Layout("shop", 16);

        assertThat(layout.writers(3, "product", KEY.logKey())).isEqualTo(golden.getProperty("name.writers"));
        assertThat(layout.tagStamp(3, "product", "country:GB")).isEqualTo(golden.getProperty("name.tag"));
        assertThat(layout.tagStamp(3, "product", "t".repeat(513))).isEqualTo(golden.getProperty("name.hashedTag"));
    }

    /** Whatever stands in Redis: tags, or none. */
    @Test
    void tagged_randomBytes_neverBreaks() throws FormatException {
        Random random = new Random(43);
        byte[] valid = texts(10, 1000).encode("value", KEY, new Tagged(7, List.of("a", "bc", "")));
        int read = 0;
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes = mutated(random, valid);
            read += BodyFormat.tagged(bytes, 0).texts().size();
            try {
                texts(10, 1000).decode(bytes, 0, KEY);
            } catch (FormatException e) {
                assertThat(e).hasMessageNotContaining("value of");
            }
        }
        assertThat(read).isPositive();
    }

    @Test
    void decode_anyBitOfTheTagsTurned_isRefused() throws FormatException {
        byte[] body = texts(10, 1000).encode("v", KEY, new Tagged(7, List.of("a", "bc")));
        for (int bit = 0; bit < body.length * 8; bit++) {
            byte[] turned = body.clone();
            turned[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> texts(10, 1000).decode(turned, 0, KEY)).isInstanceOf(FormatException.class);
        }
    }

    /** Tags cost the untagged nothing. */
    @Test
    void encode_withoutTags_isAsBefore() throws FormatException {
        assertThat(texts(10, 1000).encode("v", KEY, Tagged.NOT))
                .isEqualTo(texts(10, 1000).encode("v", KEY));
        assertThat(BodyFormat.tagged(texts(10, 1000).encode("v", KEY), 0)).isEqualTo(Tagged.NOT);
    }

    private static void assertGolden(Properties golden, String name, BodyFormat format, Object value, KeyName key)
            throws FormatException {
        byte[] entry = EntryFormat.value(STAMP, 1000, 2000, format.encode(value, key));

        assertThat(HexFormat.of().formatHex(entry)).isEqualTo(golden.getProperty(name));
        assertThat(format.decode(entry, EntryFormat.PREFIX, key).value()).isEqualTo(value);
    }

    private static Properties golden() throws IOException {
        return golden("golden-v1.properties");
    }

    private static Properties golden(String file) throws IOException {
        Properties golden = new Properties();
        try (InputStream in = FormatTest.class.getResourceAsStream(file)) {
            golden.load(in);
        }
        return golden;
    }

    @Test
    void encode_compressible_isSmaller() throws FormatException {
        String text = "a".repeat(10_000);
        byte[] body = texts(100, 20_000).encode(text, KEY);

        assertThat(body.length).isLessThan(200);
        assertThat(texts(100, 20_000).decode(body, 0, KEY).value()).isEqualTo(text);
    }

    @Test
    void encode_incompressible_staysAsItIs() throws FormatException {
        Random random = new Random(1);
        StringBuilder text = new StringBuilder();
        random.ints(2000, 0x4E00, 0x9FFF).forEach(c -> text.append((char) c));
        byte[] body = texts(100, 20_000).encode(text.toString(), KEY);

        assertThat(body.length).isLessThan(7 + 2 + 3 * 2000 + 5);
        assertThat(texts(100, 20_000).decode(body, 0, KEY).value()).isEqualTo(text.toString());
    }

    @Test
    void encode_tooLarge_isRefused() {
        assertThatThrownBy(() -> texts(10, 1000).encode("a".repeat(1000), KEY))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("larger than the limit of 1000");
    }

    @Test
    void decode_otherKeyOfTheSameHash_isRefused() throws FormatException {
        byte[] body = texts(100, 1000).encode("v", LONG_KEY);
        KeyName other = new KeyName(LONG_KEY.logKey(), "x".repeat(600));

        assertThatThrownBy(() -> texts(100, 1000).decode(body, 0, other)).isInstanceOf(FormatException.class);
    }

    @Test
    void decode_underAnotherKeysName_isRefused() throws FormatException {
        for (KeyName other : List.of(KeyName.of("SKU-2"), KeyName.of("x".repeat(600)))) {
            for (KeyName key : List.of(KEY, LONG_KEY)) {
                byte[] body = texts(100, 1000).encode("v", key);
                assertThatThrownBy(() -> texts(100, 1000).decode(body, 0, other))
                        .isInstanceOf(FormatException.class);
            }
        }
    }

    /** Every single bit counts: none can be turned without being noticed. */
    @Test
    void decode_anyBitTurned_isRefused() throws FormatException {
        byte[] body = format(10, 1000).encode(PRODUCT, LONG_KEY);
        for (int bit = 0; bit < body.length * 8; bit++) {
            byte[] turned = body.clone();
            turned[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> format(10, 1000).decode(turned, 0, LONG_KEY))
                    .isInstanceOf(FormatException.class);
        }
    }

    /** Whatever stands in Redis: a value or a FormatException, never anything else. */
    @Test
    void decode_randomBytes_neverBreaks() throws FormatException {
        Random random = new Random(42);
        byte[] valid = EntryFormat.value(STAMP, 1000, 2000, format(10, 1000).encode(PRODUCT, KEY));
        storeEnd(valid);
        byte[] stamp = (STAMP + "shape001").getBytes(StandardCharsets.ISO_8859_1);
        List<Live> read = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes = mutated(random, valid);
            Live live = random.nextBoolean()
                    ? EntryFormat.live(bytes, stamp, random.nextInt(3000) - 2)
                    : EntryFormat.liveAt(bytes, stamp, END - random.nextInt(3000));
            if (live != null) {
                read.add(live);
                assertThat(live.keepMillis()).isNotNegative();
                assertThat(live.ageMillis()).isNotNegative();
                try {
                    format(10, 1000).decode(bytes, EntryFormat.PREFIX, KEY);
                } catch (FormatException e) {
                    assertThat(e).hasMessageNotContaining("SKU");
                }
            }
        }
        assertThat(read).isNotEmpty();
    }

    private static byte[] mutated(Random random, byte[] valid) {
        if (random.nextInt(10) == 0) {
            byte[] noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            return noise;
        }
        byte[] bytes = Arrays.copyOf(valid, random.nextBoolean() ? valid.length : random.nextInt(valid.length + 20));
        for (int n = random.nextInt(4); n > 0 && bytes.length > 0; n--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return bytes;
    }

    @Test
    void live_agedValue_hasLessTimeLeft() {
        byte[] entry = EntryFormat.value(STAMP, 1000, 3000, new byte[10]);
        byte[] stamp = (STAMP + "shape001").getBytes(StandardCharsets.ISO_8859_1);

        assertTimes(EntryFormat.live(entry, stamp, 3000), 1000, 3000, 0);
        assertTimes(EntryFormat.live(entry, stamp, 2500), 500, 2500, 500);
        assertTimes(EntryFormat.live(entry, stamp, 500), -1500, 500, 2500);
        assertTimes(EntryFormat.live(entry, stamp, 9000), 1000, 3000, 0); // the server's clock was set back
        assertThat(EntryFormat.live(entry, stamp, 0)).isNull();
        assertThat(EntryFormat.live(entry, stamp, -1)).isNull();
    }

    @Test
    void liveAt_endInTheValue_isComparedWithTheServersClock() {
        byte[] entry = EntryFormat.value(STAMP, 1000, 3000, new byte[10]);
        byte[] stamp = (STAMP + "shape001").getBytes(StandardCharsets.ISO_8859_1);
        assertThat(EntryFormat.liveAt(entry, stamp, END - 3000)).isNull(); // no script has stored it

        storeEnd(entry);

        assertTimes(EntryFormat.liveAt(entry, stamp, END - 3000), 1000, 3000, 0);
        assertTimes(EntryFormat.liveAt(entry, stamp, END - 500), -1500, 500, 2500);
        assertThat(EntryFormat.liveAt(entry, stamp, END)).isNull();
        assertThat(EntryFormat.liveAt(Arrays.copyOf(entry, 90), stamp, END - 3000))
                .isNull();
        assertThat(EntryFormat.liveAt(null, stamp, END)).isNull();
        assertThat(EntryFormat.liveAt(entry, stamp, END - 4001))
                .isNull(); // damaged, or the server's clock was set back
        entry[80] = 'x';
        assertThat(EntryFormat.liveAt(entry, stamp, END - 3000)).isNull();
    }

    /** As {@code store.lua} does. */
    private static void storeEnd(byte[] entry) {
        System.arraycopy(Long.toString(END).getBytes(StandardCharsets.ISO_8859_1), 0, entry, 77, 13);
    }

    private static void assertTimes(Live live, long fresh, long keep, long age) {
        assertThat(live.freshMillis()).isEqualTo(fresh);
        assertThat(live.keepMillis()).isEqualTo(keep);
        assertThat(live.ageMillis()).isEqualTo(age);
    }

    @Test
    void isStamp_otherGenerationOrTorn_isFalse() {
        byte[] stamp = (STAMP + "shape001").getBytes(StandardCharsets.ISO_8859_1);

        assertThat(EntryFormat.isStamp(stamp, "generation1")).isTrue();
        assertThat(EntryFormat.isStamp(stamp, "generation2")).isFalse();
        assertThat(EntryFormat.isStamp(Arrays.copyOf(stamp, 29), "generation1")).isFalse();
        assertThat(EntryFormat.isStamp(Arrays.copyOf(stamp, 22), "generation1")).isFalse();
        assertThat(EntryFormat.isStamp(Arrays.copyOf(stamp, 62), "generation1")).isFalse();
        assertThat(EntryFormat.isStamp(null, "generation1")).isFalse();
        stamp[15] = (byte) 0xF6;
        assertThat(EntryFormat.isStamp(stamp, "generation1")).isFalse();
    }
}
