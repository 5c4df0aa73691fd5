package dev.aside.offload;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class InterestTest {
    private final Interest interest = new Interest();

    @Test
    void leave_onlyOne_isTheLast() {
        assertThat(interest.leave()).isTrue();
    }

    @Test
    void leave_anotherJoined_isNotTheLast() {
        assertThat(interest.join()).isTrue();

        assertThat(interest.leave()).isFalse();
        assertThat(interest.leave()).isTrue();
    }

    @Test
    void join_nobodyLeft_isRefused() {
        interest.leave();

        assertThat(interest.join()).isFalse();
        assertThat(interest.join()).isFalse();
    }

    @Test
    void leaveAlone_anotherJoined_changesNothing() {
        interest.join();

        assertThat(interest.leaveAlone()).isFalse();
        assertThat(interest.leave()).isFalse();
        assertThat(interest.leaveAlone()).isTrue();
        assertThat(interest.join()).isFalse();
    }
}
