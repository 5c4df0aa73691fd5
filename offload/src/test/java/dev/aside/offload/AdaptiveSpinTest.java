package dev.aside.offload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AdaptiveSpinTest {
    private static final boolean LOST = true;
    private static final boolean SHORT = false;

    private final AdaptiveSpin spin = new AdaptiveSpin(1);

    private static boolean pays(AdaptiveSpin spin) {
        return spin.begin() > 0;
    }

    /** Threads come one after the other; gives how many were let look on. */
    private int come(int times, boolean found, boolean lost) {
        int tried = 0;
        for (int i = 0; i < times; i++) {
            int begun = spin.begin();
            if (begun > 0) {
                tried++;
                spin.ended(begun, found, lost);
            }
        }
        return tried;
    }

    @Test
    void begin_aFewInVain_goesOn() {
        come(7, false, SHORT);

        assertThat(pays(spin)).isTrue();
    }

    @Test
    void begin_manyInVain_seldom() {
        come(8, false, SHORT);

        assertThat(come(320, false, SHORT)).isEqualTo(10);
    }

    @Test
    void begin_oneFindsAfterMany_oneMore() {
        come(20, false, SHORT);

        spin.ended(32, true, SHORT);

        assertThat(pays(spin)).isTrue();
        spin.ended(32, false, SHORT);
        assertThat(pays(spin)).isFalse();
    }

    @Test
    void begin_moreFindThanNot_goesOn() {
        come(20, false, SHORT);

        IntStream.range(0, 20).forEach(i -> spin.ended(32, i % 3 > 0, SHORT));

        assertThat(come(100, true, SHORT)).isEqualTo(100);
    }

    @Test
    void begin_oneIsWorthMany_goesOn() {
        AdaptiveSpin cheap = new AdaptiveSpin(8);

        IntStream.range(0, 80).forEach(i -> cheap.ended(32, i % 8 == 7, SHORT));

        assertThat(pays(cheap)).isTrue();
    }

    /** As with other programs on all processors: each yield lasts for their turn. */
    @Test
    void begin_momentsAreLost_hardlyEver() {
        assertThat(come(1 << 16, true, LOST)).isLessThan(20);
    }

    /** As when the collector stops them all. */
    @Test
    void begin_manyMomentsLostTogether_countOnce() {
        int begun = spin.begin();
        IntStream.range(0, 50).forEach(i -> spin.ended(begun, true, LOST));

        assertThat(come(64, false, SHORT)).isEqualTo(1);
    }

    @Test
    void begin_findsAgainAfterLosses_goesOn() {
        come(1_000, true, LOST);

        come(2_000, true, SHORT);

        assertThat(come(100, true, SHORT)).isEqualTo(100);
    }

    /** What is lost costs a hundred times what is found saves. */
    @Test
    void begin_oneInTenIsLost_fewAreLost() {
        comeInTurn(1 << 16, 10);

        assertThat(comeInTurn(1 << 16, 10)).isLessThan((1 << 16) / 100);
    }

    @Test
    void begin_oneInTwentyIsLost_fewAreLost() {
        comeInTurn(1 << 17, 20);

        assertThat(comeInTurn(1 << 17, 20)).isLessThan((1 << 17) / 50);
    }

    @Test
    void begin_oneInAThousandIsLost_goesOn() {
        come(1_000, true, LOST);
        comeInTurn(1 << 16, 1_000);

        assertThat(comeInTurn(1 << 16, 1_000)).isGreaterThan((1 << 16) * 9 / 10);
    }

    @Test
    void begin_oneIsWorthMany_isLostOnce_pauses() {
        AdaptiveSpin cheap = new AdaptiveSpin(8);

        cheap.ended(cheap.begin(), true, LOST);

        assertThat(pays(cheap)).isFalse();
    }

    @Test
    void ended_stragglerIsLost_doesNotForgetWhatOthersLearned() {
        int straggler = spin.begin();
        come(1 << 16, true, LOST);

        spin.ended(straggler, true, LOST);

        assertThat(come(1 << 12, true, LOST)).isZero();
    }

    @Test
    void ended_stragglerFinds_doesNotForgetWhatOthersLearned() {
        int straggler = 64;
        come(1 << 16, true, LOST);

        spin.ended(straggler, true, SHORT);
        spin.ended(32, false, SHORT); // its luck is over

        assertThat(come(1 << 12, true, LOST)).isZero();
    }

    /** Threads come one after the other and find; each n-th moment is lost. Gives how many were let look on. */
    private int comeInTurn(int times, int n) {
        int tried = 0;
        for (int i = 0; i < times; i++) {
            int begun = spin.begin();
            if (begun > 0) {
                tried++;
                spin.ended(begun, true, tried % n == 0);
            }
        }
        return tried;
    }

    @Test
    void isLong_aboveAMillisecond() {
        assertThat(AdaptiveSpin.isLong(1_000_000)).isFalse();
        assertThat(AdaptiveSpin.isLong(1_000_001)).isTrue();
    }
}
