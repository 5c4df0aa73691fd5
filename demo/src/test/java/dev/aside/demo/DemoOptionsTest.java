package dev.aside.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aside.demo.data.GeneratedSales;
import dev.aside.demo.data.ShopDataException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DemoOptionsTest {

    @Test
    void parse_nothing_givesGeneratedShopOnTwoPorts() {
        DemoOptions options = DemoOptions.parse();
        assertThat(options.sales()).isInstanceOf(GeneratedSales.class);
        assertThat(options.ports()).containsExactly(8080, 8081);
        assertThat(options.postgres()).isNull();
        assertThat(options.redis()).isNull();
    }

    @Test
    void parse_springSettings_passedOn() {
        assertThat(DemoOptions.parse("--ports=1,2,3", "--aside.offload.threshold=1s", "--logging.level.root=info"))
                .extracting(DemoOptions::ports, DemoOptions::springArguments)
                .containsExactly(
                        List.of(1, 2, 3), List.of("--aside.offload.threshold=1s", "--logging.level.root=info"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "--dta=x|unknown option '--dta=x' [hint: --data=, --seed=, --lines=, --ports=, --postgres=, --redis=,"
                        + " or a setting of the nodes such as --aside.offload.threshold=50ms]",
                "--ports=8080,x|--ports: 'x' is not a number from 0 to 65535",
                "--ports=8080,|--ports: '' is not a number from 0 to 65535",
                "--ports=70000|--ports: '70000' is not a number from 0 to 65535",
                "--lines=12|--lines: '12' is not a number from 1000 to 1000000",
                "--seed=-1|--seed: '-1' is not a number from 0 to 2147483647",
            })
    void parse_wrongOption_saysWhatIsWrong(String argument, String message) {
        assertThatThrownBy(() -> DemoOptions.parse(argument))
                .isInstanceOf(DemoException.class)
                .hasMessage(message);
    }

    @Test
    void parse_unreadableDataFile_saysSo() {
        assertThatThrownBy(() -> DemoOptions.parse("--data=/no/such/file.csv.xz"))
                .isInstanceOf(ShopDataException.class)
                .hasMessage("cannot read data file /no/such/file.csv.xz: there is no such file");
    }

    @Test
    void ports_taken_saysWhichBeforeAnythingIsStarted() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            DemoOptions options = DemoOptions.parse("--ports=0," + port);
            assertThatThrownBy(() -> Demo.start(options, System.out, context -> {}))
                    .isInstanceOf(DemoException.class)
                    .hasMessageStartingWith("port " + port + " is taken: ")
                    .hasMessageEndingWith("[hint: choose others with --ports=8090,8091]");
        }
    }

    @Test
    void redis_notListening_saysSoBeforeAnythingIsStarted() {
        DemoOptions options = DemoOptions.parse("--ports=0", "--redis=redis://u:secret@127.0.0.1:1");
        assertThatThrownBy(() -> Demo.start(options, System.out, context -> {}))
                .isInstanceOf(DemoException.class)
                .hasMessage("Redis at 127.0.0.1:1 cannot be used: Connection refused");
    }

    @Test
    void redis_noUri_saysSo() {
        DemoOptions options = DemoOptions.parse("--ports=0", "--redis=localhost");
        assertThatThrownBy(() -> Demo.start(options, System.out, context -> {}))
                .isInstanceOf(DemoException.class)
                .hasMessage("--redis: 'localhost' names no host [hint: redis://localhost:6379]");
    }

    @Test
    void ports_zero_replacedByDifferentFreeOnes() {
        assertThat(Ports.free(List.of(0, 0))).doesNotContain(0).doesNotHaveDuplicates();
    }
}
