package dev.tahini.rpc.retry;

import static java.util.Objects.requireNonNull;

import dev.tahini.rpc.InvalidValueException;
import io.grpc.MethodDescriptor;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which methods are retried how. The most specific rule counts: that of the method, that of its
 * service, that of all. Immutable.
 *
 * <pre>{@code
 * RetryRules.all(RetryOptions.defaults())
 *     .with("bank.Accounts", RetryOptions.none())
 *     .with(GreeterGrpc.getSayHelloMethod(), RetryOptions.defaults().withHedging(...))
 * }</pre>
 */
public final class RetryRules {
  private static final Pattern NAME = Pattern.compile("[\\w.]+(/\\w+)?");

  private final RetryOptions all;
  private final Map<String, RetryOptions> byName;

  private RetryRules(RetryOptions all, Map<String, RetryOptions> byName) {
    this.all = all;
    this.byName = Map.copyOf(byName);
  }

  /**
   * The same for all methods.
   *
   * @param options what is done
   * @return the rules, to which exceptions may be added
   */
  public static RetryRules all(RetryOptions options) {
    return new RetryRules(requireNonNull(options, "options"), Map.of());
  }

  /**
   * The same rules, and one for a method.
   *
   * @param method as the generated code has it
   * @param options what is done
   * @return the changed copy
   * @throws InvalidValueException if it is to be hedged and is not marked idempotent or free of
   *     side effects ({@code option idempotency_level} in its .proto file)
   */
  public RetryRules with(MethodDescriptor<?, ?> method, RetryOptions options) {
    if (options.hedging() != null && !mayBeHedged(method)) {
      throw new InvalidValueException(
          "method", method.getFullMethodName(), "idempotent or safe, since it is to be hedged");
    }
    return with(method.getFullMethodName(), options);
  }

  /**
   * The same rules, and one by name.
   *
   * @param name as in a service config: {@code "pkg.Service/Method"}, or {@code "pkg.Service"} for
   *     all of its methods. Methods that are not marked idempotent are not hedged
   * @param options what is done
   * @return the changed copy
   * @throws InvalidValueException if it is neither
   */
  public RetryRules with(String name, RetryOptions options) {
    if (!NAME.matcher(name).matches()) {
      throw new InvalidValueException("name", name, "pkg.Service/Method or pkg.Service");
    }
    Map<String, RetryOptions> more = new HashMap<>(byName);
    more.put(name, requireNonNull(options, "options"));
    return new RetryRules(all, more);
  }

  /** What is done for a method's calls. */
  RetryOptions optionsOf(MethodDescriptor<?, ?> method) {
    RetryOptions options = byName.get(method.getFullMethodName());
    if (options == null && method.getServiceName() != null) {
      options = byName.get(method.getServiceName());
    }
    return options == null ? all : options;
  }

  static boolean mayBeHedged(MethodDescriptor<?, ?> method) {
    return method.isIdempotent() || method.isSafe();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RetryRules that && all.equals(that.all) && byName.equals(that.byName);
  }

  @Override
  public int hashCode() {
    return all.hashCode() + 31 * byName.hashCode();
  }
}
