package dev.aside.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class KeyTextTest {

    @Test
    void text_ofEachReadableType_isTheKey() {
        UUID id = new UUID(7, 9);
        assertThat(read(String.class, " a,b ")).isEqualTo(" a,b ");
        assertThat(read(Long.class, "-7")).isEqualTo(-7L);
        assertThat(read(Integer.class, "7")).isEqualTo(7);
        assertThat(read(Short.class, "7")).isEqualTo((short) 7);
        assertThat(read(UUID.class, id.toString())).isEqualTo(id);
        assertThat(read(TimeUnit.class, "DAYS")).isEqualTo(TimeUnit.DAYS);
        assertThat(read(Size.class, "LARGE")).isEqualTo(Size.LARGE);
    }

    @Test
    void text_thatIsNoKey_isRefusedNamingTheType() {
        assertThatThrownBy(() -> read(Long.class, "seven"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'seven' is not a key of cache 'c' [hint: a java.lang.Long]");
        assertThatThrownBy(() -> read(UUID.class, "x")).hasMessageContaining("'x' is not a key");
        assertThatThrownBy(() -> read(Size.class, "large")).hasMessageContaining("'large' is not a key");
    }

    @Test
    void type_withoutText_isRefused() {
        assertThatThrownBy(() -> read(Object.class, "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("(java.lang.Object) and cannot be given as text");
        assertThatThrownBy(() -> KeyText.read("c", "java.lang.String, java.lang.Long", "x"))
                .hasMessageContaining("cannot be given as text");
        assertThatThrownBy(() -> KeyText.read("c", "", "x")).hasMessageContaining("cannot be given as text");
    }

    private static Object read(Class<?> type, String text) {
        return KeyText.read("c", type.getTypeName(), text);
    }

    private enum Size {
        SMALL,
        LARGE {
            @Override
            public String toString() {
                return "a class of its own";
            }
        }
    }
}
