import TextLMNN
import TextLMTensors
import TextLMTestSupport
import Testing

/// Memories give the numbers of definitions in PyTorch, with every instruction set.
///
/// The numbers are those of the cases `ntm_heads`, `dnc_memory` and `mann_lrua` in float64: the output's first and
/// last elements and sum, the loss L = Σ y · fill(99), and of each gradient its sum and its sum weighted with
/// fill(98). Beside each test is what the case computes at a step; `fill` is the one of the test support.
@Suite("Memories agree with PyTorch")
struct GoldenMemoryTests {
  /// ```
  /// def addr(o, Mt, wp):
  ///     k = torch.tanh(o[:M]); be = F.softplus(o[M]); g = torch.sigmoid(o[M+1])
  ///     s = torch.softmax(o[M+2:M+5], 0); ga = 1 + F.softplus(o[M+5])
  ///     wc = torch.softmax(be * (Mt @ k)/(Mt.norm(dim=1)*k.norm() + 1e-8), 0); wg = g*wc + (1-g)*wp
  ///     wt = (s[0]*torch.roll(wg, -1) + s[1]*wg + s[2]*torch.roll(wg, 1) + 1e-16)**ga; return wt/wt.sum()
  /// orr, ow = Wr @ c[t] + br, Ww @ c[t] + bw        # M = 3, N = 5; wr, ww begin at softmax(.._logit)
  /// wr = addr(orr, Mt, wr); ww = addr(ow, Mt, ww); r = wr @ Mt; e, a = ow[9:12].sigmoid(), ow[12:].tanh()
  /// Mt = Mt*(1 - torch.outer(ww, e)) + torch.outer(ww, a); ys.append(torch.cat([r, wr, ww]))
  /// ```
  @Test("A neural Turing machine's heads", arguments: InstructionSet.allCases)
  func ntm(instructionSet: InstructionSet) async {
    await #expect(processExitsWith: .success) { [instructionSet] in
      Engine.limitInstructionSet(to: instructionSet)
      let layout = NTMLayout(
        slotCount: 5, slotSize: 3, readHeadCount: 1, writeHeadCount: 1, shiftCount: 3)
      let golden = GoldenMemory(
        head: [0.029248170497, 0.041128638198, 0.021883772473, 0.137183155757, 0.385918979605],
        tail: [0.188770532060, 0.205458707583, 0.203533676553], sum: 8.614243884943,
        loss: 0.839754043712,
        gradients: [
          ("ctrl", fill(1, [4, 4], 1), -0.149416829042, 0.690010398468),
          ("Wr", fill(2, [9, 4], 0.8), -0.844253680164, 0.387044162322),
          ("br", fill(3, [9]), 0.164731681775, -0.196060518789),
          ("Ww", fill(4, [15, 4], 0.8), -0.262299180232, -0.566645058731),
          ("bw", fill(5, [15]), -1.486702546686, -0.144908722372),
          ("mem0", fill(6, [5, 3], 0.5), -4.836867684366, 0.275146597594),
          ("wr0_logit", fill(7, [5], 1), 0, -0.443016528755),
          ("ww0_logit", fill(8, [5], 1), 0, -0.021130186838),
        ])
      golden.check { pass, x in
        let reading = pass.linear(x[0], weight: x[1], bias: x[2])
        let writing = pass.linear(x[0], weight: x[3], bias: x[4])
        var memory = pass.permute(x[5], [1, 0]).reshaped(to: [1, 3, 5])
        var logits = pass.concatenate(x[6].reshaped(to: [1, 5]), x[7].reshaped(to: [1, 5]))
          .reshaped(to: [1, 2, 5])
        let interface = pass.concatenate(reading, writing).reshaped(to: [4, 1, 24])
        let rows = pass.steps(of: interface).map { step in
          let step = pass.ntmStep(layout, interface: step, logits: logits, memory: memory)
          (logits, memory) = (step.logits, step.memory)
          return pass.concatenate(step.reads, pass.exp(logits).reshaped(to: [1, 10]))
        }
        return pass.sequence(of: rows)
      }
    }
  }

  /// ```
  /// psi = (1 - fg[:, None]*wr).prod(0); wd = ww.detach(); u = (u + wd - u*wd)*psi; ue = eps + (1-eps)*u
  /// phi = torch.argsort(ue.detach(), stable=True); su = ue[phi]
  /// sa = (1-su)*torch.cat([torch.ones(1), su.cumprod(0)[:-1]]); a = torch.zeros(N).index_copy(0, phi, sa)
  /// ww = gw*(ga*a + (1-ga)*cw(M, kw, bw)); M = M*(1 - torch.outer(ww, e)) + torch.outer(ww, v)
  /// L = ((1 - ww[:, None] - ww[None, :])*L + torch.outer(ww, pr))*(1-eye); pr = (1 - ww.sum())*pr + ww
  /// fw, bk = wr @ L.T, wr @ L; cr = torch.stack([cw(M, kr[j], br[j]) for j in range(R)])
  /// wr = pi[:, :1]*bk + pi[:, 1:2]*cr + pi[:, 2:]*fw; ys.append(torch.cat([(wr @ M).flatten(), wr.flatten(), ww, u]))
  /// ```
  @Test("A differentiable neural computer's heads", arguments: InstructionSet.allCases)
  func dnc(instructionSet: InstructionSet) async {
    await #expect(processExitsWith: .success) { [instructionSet] in
      Engine.limitInstructionSet(to: instructionSet)
      let layout = DNCLayout(
        slotCount: 4, slotSize: 3, readHeadCount: 2, stopsUsageGradient: true)
      let golden = GoldenMemory(
        head: [0.009085347051, -0.028079098028, -0.043993841520, 0.010909063522, -0.033715460984],
        tail: [0.477521823926, 0.498543848124, 0.483357475148], sum: 9.584819881217,
        loss: 1.197100194451,
        gradients: [("xi", fill(1, [5, 28], 1), -0.529114894698, 0.018182467617)])
      golden.check { pass, x in
        var states = layout.stateShapes(batchSize: 1).map { Tensor(zeros: $0) }
        let rows = pass.steps(of: x[0].reshaped(to: [5, 1, 28])).map { interface in
          let step = pass.dncStep(layout, interface: interface, states: states)
          states = step.states
          let weights = pass.concatenate(step.reads, states[4].reshaped(to: [1, 8]))
          return pass.concatenate(pass.concatenate(weights, states[5]), states[1])
        }
        return pass.sequence(of: rows)
      }
    }
  }

  /// ```
  /// lu = torch.argsort(wu.detach(), stable=True)[:1]; wlu = torch.zeros(N); wlu[lu] = 1.0; s = torch.sigmoid(al[t])
  /// ww = s*wr + (1-s)*wlu; keep = torch.ones(N, 1); keep[lu[0]] = 0; M = M*keep + torch.outer(ww, k[t])
  /// sim = (M @ k[t])/torch.sqrt((M*M).sum(1)*(k[t]*k[t]).sum() + 1e-6); wr = torch.softmax(sim, 0)
  /// wu = 0.95*wu.detach() + wr.detach() + ww.detach(); ys.append(torch.cat([wr @ M, wr, ww]))
  /// ```
  @Test("Least-recently-used access", arguments: InstructionSet.allCases)
  func lrua(instructionSet: InstructionSet) async {
    await #expect(processExitsWith: .success) { [instructionSet] in
      Engine.limitInstructionSet(to: instructionSet)
      let layout = LRUALayout(slotCount: 5, slotSize: 3, headCount: 1)
      let golden = GoldenMemory(
        head: [0.292922552528, 0.077072667682, -0.197103763763, 0.322140576896, 0.322141060900],
        tail: [0.189119790519, 0.039436665896, 0.261625849023], sum: 10.210704687083,
        loss: 1.977723736550,
        gradients: [
          ("k", fill(1, [5, 3], 1), -1.307241525794, 0.250306592839),
          ("alpha", fill(2, [5], 1), -0.642761725048, 0.289824798461),
        ])
      golden.check { pass, x in
        let first = Tensor(oneHot: [0], width: 5)
        var states = [
          Tensor(repeating: 1e-6, shape: [1, 3, 5]), first.reshaped(to: [1, 1, 5]), first,
        ]
        let keys = pass.steps(of: x[0].reshaped(to: [5, 1, 1, 3]))
        let gates = pass.steps(of: x[1].reshaped(to: [5, 1, 1]))
        let rows = zip(keys, gates).map { keys, gates in
          let step = pass.lruaStep(
            layout, keys: keys, gates: gates, strengths: Tensor([1], shape: [1, 1]),
            states: states)
          states = step.states
          let read = pass.concatenate(step.reads, states[1].reshaped(to: [1, 5]))
          return pass.concatenate(read, step.writing.reshaped(to: [1, 5]))
        }
        return pass.sequence(of: rows)
      }
    }
  }
}

/// What a case should give: outputs within 2 · 10⁻⁶, sums of gradients within 10⁻⁴.
private struct GoldenMemory {
  let head, tail: [Double]
  let sum, loss: Double
  /// Name, value, sum of the gradient, and its sum weighted with fill(98), of each input.
  let gradients: [(name: String, value: Tensor, sum: Double, weighted: Double)]

  func check(_ output: (ForwardPass, [Tensor]) -> Tensor) {
    var kept = Tensor(0)
    let (_, result) = valueWithGradients(random: RandomSource(seed: 1)) { pass in
      let inputs = gradients.map(\.value)
      inputs.forEach(pass.watch)
      kept = output(pass, inputs)
      return pass.sum(pass.multiply(kept, fill(99, kept.shape, 1)))
    }
    let elements = kept.array.map(Double.init)
    expectClose(Array(elements.prefix(head.count)), head, tolerance: 2e-6, "first outputs")
    expectClose(Array(elements.suffix(tail.count)), tail, tolerance: 2e-6, "last outputs")
    expectClose(elements.reduce(0, +), sum, tolerance: 1e-5, "sum of outputs")
    expectClose(probe(kept), loss, tolerance: 1e-5, "loss")
    for (name, value, sum, weighted) in gradients {
      guard let gradient = result[value] else {
        Issue.record("no gradient of \(name)")
        continue
      }
      expectClose(gradient.array.reduce(0) { $0 + Double($1) }, sum, tolerance: 1e-4, name)
      expectClose(probe(gradient, seed: 98), weighted, tolerance: 1e-4, "\(name), weighted")
    }
  }
}
