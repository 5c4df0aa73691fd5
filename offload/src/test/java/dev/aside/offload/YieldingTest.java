package dev.aside.offload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class YieldingTest {
    private final Yielding yielding = new Yielding();

    @Test
    void pays_aFewInVain_goesOn() {
        IntStream.range(0, 7).forEach(i -> yielding.yielded(false));

        assertThat(yielding.pays()).isTrue();
    }

    @Test
    void pays_manyInVain_seldom() {
        IntStream.range(0, 8).forEach(i -> yielding.yielded(false));

        assertThat(IntStream.range(0, 320).filter(i -> yielding.pays()).count()).isEqualTo(10);
    }

    @Test
    void pays_oneFindsAfterMany_goesOn() {
        IntStream.range(0, 20).forEach(i -> yielding.yielded(false));

        yielding.yielded(true);

        assertThat(IntStream.range(0, 100).allMatch(i -> yielding.pays())).isTrue();
    }
}
