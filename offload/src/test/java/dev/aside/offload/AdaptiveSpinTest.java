package dev.aside.offload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AdaptiveSpinTest {
    private final AdaptiveSpin spin = new AdaptiveSpin(1);

    @Test
    void pays_aFewInVain_goesOn() {
        IntStream.range(0, 7).forEach(i -> spin.ended(false, 0));

        assertThat(spin.pays()).isTrue();
    }

    @Test
    void pays_manyInVain_seldom() {
        IntStream.range(0, 8).forEach(i -> spin.ended(false, 0));

        assertThat(IntStream.range(0, 320).filter(i -> spin.pays()).count()).isEqualTo(10);
    }

    @Test
    void pays_oneFindsAfterMany_oneMore() {
        IntStream.range(0, 20).forEach(i -> spin.ended(false, 0));

        spin.ended(true, 0);

        assertThat(spin.pays()).isTrue();
        spin.ended(false, 0);
        assertThat(spin.pays()).isFalse();
    }

    @Test
    void pays_moreFindThanNot_goesOn() {
        IntStream.range(0, 20).forEach(i -> spin.ended(false, 0));

        IntStream.range(0, 20).forEach(i -> spin.ended(i % 3 > 0, 0));

        assertThat(IntStream.range(0, 100).allMatch(i -> spin.pays())).isTrue();
    }

    @Test
    void pays_oneIsWorthMany_goesOn() {
        AdaptiveSpin cheap = new AdaptiveSpin(8);

        IntStream.range(0, 80).forEach(i -> cheap.ended(i % 8 == 7, 0));

        assertThat(cheap.pays()).isTrue();
    }

    /** As with other programs on all processors: each yield lasts for their turn. */
    @Test
    void pays_momentsLastLong_hardlyEver() {
        long tried = IntStream.range(0, 1 << 16)
                .filter(i -> spin.pays())
                .peek(i -> spin.ended(true, 3_000_000))
                .count();

        assertThat(tried).isLessThan(20);
    }

    @Test
    void pays_aShortOneFindsAfterLongOnes_goesOn() {
        IntStream.range(0, 20).forEach(i -> spin.ended(true, 3_000_000));

        spin.ended(true, 1_000);

        assertThat(spin.pays()).isTrue();
    }
}
