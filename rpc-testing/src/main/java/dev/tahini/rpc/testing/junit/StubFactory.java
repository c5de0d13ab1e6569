package dev.tahini.rpc.testing.junit;

import io.grpc.Channel;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.function.Function;
import org.junit.jupiter.api.extension.ParameterResolutionException;

/** Makes stubs of a type: by the static method that gRPC generates for it beside its class. */
final class StubFactory {
  private StubFactory() {}

  /**
   * The factory of a type of stub.
   *
   * @throws ParameterResolutionException if the type is none that gRPC generated
   */
  static Function<Channel, Object> of(Class<?> stub) {
    if (stub == Channel.class) {
      return channel -> channel;
    }
    Class<?> service = stub.getEnclosingClass();
    Method maker =
        Arrays.stream(service == null ? new Method[0] : service.getMethods())
            .filter(method -> makes(method, stub))
            .findFirst()
            .orElseThrow(
                () ->
                    new ParameterResolutionException(
                        "stub: "
                            + stub.getName()
                            + " (expected: a class that gRPC generated, or Channel; others by"
                            + " RpcTestCluster.client(...) in the test)"));
    return channel -> {
      try {
        return maker.invoke(null, channel);
      } catch (ReflectiveOperationException e) {
        throw new ParameterResolutionException(maker + " failed", e);
      }
    };
  }

  private static boolean makes(Method method, Class<?> stub) {
    return Modifier.isStatic(method.getModifiers())
        && method.getReturnType() == stub
        && Arrays.equals(method.getParameterTypes(), new Class<?>[] {Channel.class});
  }
}
