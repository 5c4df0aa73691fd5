package dev.aside.offload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AdaptiveSpinTest {
    private final AdaptiveSpin spin = new AdaptiveSpin(1);

    @Test
    void pays_aFewInVain_goesOn() {
        IntStream.range(0, 7).forEach(i -> spin.ended(false));

        assertThat(spin.pays()).isTrue();
    }

    @Test
    void pays_manyInVain_seldom() {
        IntStream.range(0, 8).forEach(i -> spin.ended(false));

        assertThat(IntStream.range(0, 320).filter(i -> spin.pays()).count()).isEqualTo(10);
    }

    @Test
    void pays_oneFindsAfterMany_oneMore() {
        IntStream.range(0, 20).forEach(i -> spin.ended(false));

        spin.ended(true);

        assertThat(spin.pays()).isTrue();
        spin.ended(false);
        assertThat(spin.pays()).isFalse();
    }

    @Test
    void pays_moreFindThanNot_goesOn() {
        IntStream.range(0, 20).forEach(i -> spin.ended(false));

        IntStream.range(0, 20).forEach(i -> spin.ended(i % 3 > 0));

        assertThat(IntStream.range(0, 100).allMatch(i -> spin.pays())).isTrue();
    }

    @Test
    void pays_oneIsWorthMany_goesOn() {
        AdaptiveSpin cheap = new AdaptiveSpin(8);

        IntStream.range(0, 80).forEach(i -> cheap.ended(i % 8 == 7));

        assertThat(cheap.pays()).isTrue();
    }
}
