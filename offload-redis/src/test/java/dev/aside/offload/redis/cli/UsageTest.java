package dev.aside.offload.redis.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with a command line is said before Redis is asked. */
class UsageTest {
    private final Terminal terminal = new Terminal("redis://localhost:1");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "list | a command is missing",
                "jobs | a command is missing",
                "jobs lst | there is no command 'jobs lst'",
                "jobs list | the option --state is missing",
                "jobs list --state done | there is no state 'done'",
                "jobs list --state dead --limit 0 | the limit '0' is not a number above 0",
                "jobs list --state dead --limit x | the limit 'x' is not a number above 0",
                "jobs list --state dead --state fin | the option --state is given twice",
                "jobs list --state | the option --state needs a value",
                "jobs list --stat dead | there is no option --stat",
                "jobs list --state dead --reason x | 'jobs list' has no option --reason",
                "jobs show | 'jobs show' takes 1 word, but there are 0",
                "jobs show a b | 'jobs show' takes 1 word, but there are 2",
                "jobs show a --payload=yes | there is no option --payload=...",
                "jobs rerun | which jobs shall run again is not clear",
                "jobs rerun --all | which jobs shall run again is not clear",
                "jobs rerun a --all --type t | which jobs shall run again is not clear",
                "jobs purge --state waiting --yes | only jobs that are over can be purged",
                "jobs purge --state dead | a purge deletes jobs for good",
                "jobs purge --state dead --older-than soon --yes | --older-than 'soon' is not a length of time",
                "jobs cap mail | 'jobs cap' takes 2 words, but there is 1",
                "jobs cap mail few | the cap 'few' is not a number above 0",
                "--redis localhost jobs counts | the Redis URI 'localhost' is malformed",
                "--namespace a/b jobs counts | the namespace 'a/b' is not"
            })
    void wrongUsage_isOneSentenceWithAHint_andExitCode2(String line, String message) {
        Terminal.Printed printed = terminal.run(line.split(" "));
        assertThat(printed.err()).startsWith("error: " + message).endsWith("\n");
        assertThat(printed.err().lines()).hasSize(1);
        assertThat(printed.code()).isEqualTo(2);
        assertThat(printed.out()).isEmpty();
    }

    @Test
    void noRedisGiven_saysHow() {
        Terminal.Printed printed = new Terminal(null).run("jobs", "counts");
        assertThat(printed.err()).contains("--redis").contains("ASIDE_REDIS");
        assertThat(printed.code()).isEqualTo(2);
    }

    @Test
    void malformedUri_showsNoPassword() {
        Terminal.Printed printed = terminal.run("--redis", "redis://me:secret@host:x", "jobs", "counts");
        assertThat(printed.code()).isEqualTo(2);
        assertThat(printed.err()).doesNotContain("secret");
    }

    @Test
    void nothingTyped_printsTheUsage_asAnError() {
        Terminal.Printed printed = terminal.run();
        assertThat(printed.err()).startsWith("usage: ");
        assertThat(printed.code()).isEqualTo(2);
    }

    @Test
    void help_printsTheUsage_withEveryCommand() {
        Terminal.Printed printed = terminal.run("--help");
        assertThat(printed.code()).isZero();
        for (Verb verb : Verb.values()) {
            assertThat(printed.out()).contains("jobs " + verb.text());
        }
    }

    @Test
    void redisNotThere_exitCode3() {
        Terminal.Printed printed = terminal.run("jobs", "counts");
        assertThat(printed.err())
                .startsWith("error: the job store cannot reach Redis, localhost:1 (")
                .contains("Connection refused")
                .contains("). Hint: ");
        assertThat(printed.err().lines()).hasSize(1);
        assertThat(printed.code()).isEqualTo(3);
    }

    @Test
    void age_inShortAndIsoForm() {
        assertThat(age("90s")).isEqualTo(Duration.ofSeconds(90));
        assertThat(age("15m")).isEqualTo(Duration.ofMinutes(15));
        assertThat(age("2h")).isEqualTo(Duration.ofHours(2));
        assertThat(age("7d")).isEqualTo(Duration.ofDays(7));
        assertThat(age("PT1H30M")).isEqualTo(Duration.ofMinutes(90));
        assertThatThrownBy(() -> age("-PT1H")).isInstanceOf(UsageException.class);
        assertThat(Arguments.of("jobs").age("older-than")).isZero();
    }

    private static Duration age(String text) {
        return Arguments.of("--older-than=" + text).age("older-than");
    }

    @Test
    void printable_controlCharacters_areNotHandedToTheTerminal() {
        assertThat(Texts.printable("a\u001b[31mb\r\nc\u202ed")).isEqualTo("a [31mb  c d");
    }

    @Test
    void length_isRounded_inTheUnitThatFits() {
        assertThat(Texts.length(Duration.ofMillis(29_600))).isEqualTo("30 s");
        assertThat(Texts.length(Duration.ofDays(30).minusMillis(5))).isEqualTo("30 d");
        assertThat(Texts.length(Duration.ofHours(24).minusMillis(5))).isEqualTo("24 h");
        assertThat(Texts.length(Duration.ofMinutes(-10))).isEqualTo("over since 10 min");
    }
}
